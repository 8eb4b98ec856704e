"""Metrics in two layers: marts (`marts/*.sql`, one pass over the large tables) and metrics (`*.sql`, over marts)."""

from sfbench.metrics.catalogue import Catalogue, catalogue
from sfbench.metrics.folder import Figures, evaluate_folder
from sfbench.metrics.header import parse_mart, parse_metric
from sfbench.metrics.mart import Mart
from sfbench.metrics.output import json_lines, label, records, with_names
from sfbench.metrics.runner import evaluate, explain
from sfbench.metrics.targets import Target, Verdict, judge, parse_target
from sfbench.metrics.writers import Report, write, write_csv, write_json, write_parquet

__all__ = [
    "Catalogue",
    "Figures",
    "Mart",
    "Report",
    "Target",
    "Verdict",
    "catalogue",
    "evaluate",
    "evaluate_folder",
    "explain",
    "json_lines",
    "judge",
    "label",
    "parse_mart",
    "parse_metric",
    "parse_target",
    "records",
    "with_names",
    "write",
    "write_csv",
    "write_json",
    "write_parquet",
]
