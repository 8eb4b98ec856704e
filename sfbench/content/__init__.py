"""Finds and loads content: one thing per file, the file name is its name, nobody registers anything."""

from sfbench.content.faults import FaultContent, faults
from sfbench.content.files import listing
from sfbench.content.methods import MethodContent, method, method_names
from sfbench.content.parameters import parameters
from sfbench.content.scenarios import scenario, scenario_names
from sfbench.content.tables import TableContent, closure, tables

__all__ = [
    "FaultContent",
    "MethodContent",
    "TableContent",
    "closure",
    "faults",
    "listing",
    "method",
    "method_names",
    "parameters",
    "scenario",
    "scenario_names",
    "tables",
]
