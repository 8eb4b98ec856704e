"""Free SQL over a dataset that cannot be changed by it, and the SQL of a metric that runs as it stands."""

from sfbench.query.metric_sql import metric_sql
from sfbench.query.results import FORMATS, head, write_result
from sfbench.query.sealed import Sealed, open_sealed

__all__ = ["FORMATS", "Sealed", "head", "metric_sql", "open_sealed", "write_result"]
