"""What content declares: frozen, typed values without behaviour."""

from sfbench.spec.bench import Claim, Method, Question, Task, Trial
from sfbench.spec.column import Code, Column, codes
from sfbench.spec.fault import Fault, Wish
from sfbench.spec.lever import NEVER, Budget, Cohort, Lever
from sfbench.spec.metric import Component, Metric, Need
from sfbench.spec.parameter import Parameter
from sfbench.spec.scenario import Scenario
from sfbench.spec.table import Stage, Table

__all__ = [
    "NEVER",
    "Budget",
    "Claim",
    "Code",
    "Cohort",
    "Column",
    "Component",
    "Fault",
    "Lever",
    "Method",
    "Metric",
    "Need",
    "Parameter",
    "Question",
    "Scenario",
    "Stage",
    "Table",
    "Task",
    "Trial",
    "Wish",
    "codes",
]
