"""Factor tables, as LDBC calls them: parameters for queries of known selectivity, for those who measure a system."""

from sfbench.factors.run import FACTORS, Written, factors, write_factors
from sfbench.factors.template import Template, templates

__all__ = ["FACTORS", "Template", "Written", "factors", "templates", "write_factors"]
