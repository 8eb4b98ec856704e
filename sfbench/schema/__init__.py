"""A user's own tables against the declared schema: what is there, what is wrong, what can be computed."""

from sfbench.schema.check import check_schema
from sfbench.schema.report import Finding, SchemaReport, TableFacts

__all__ = ["Finding", "SchemaReport", "TableFacts", "check_schema"]
