"""Python steps of metrics, for what SQL does not reach (an internal rate of return): one per file.

A file holds `figures(rows: pa.Table) -> pa.Table`: the rows of the metric's query in; out the columns that a query
without a step would give (component, period, cut, cut_value, value and, if wanted, scope_version, computable, reason).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sfbench.errors import SfbenchError, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

Step = Callable[["pa.Table"], "pa.Table"]


def step(name: str) -> Step:
    """The step of this name; SfbenchError if there is no such file."""
    known = {path.stem for path in Path(__file__).parent.glob("*.py")} - {"__init__"}
    if name not in known:
        raise SfbenchError(f"no step {name!r}", fix=did_you_mean(name, known))
    found: Step = importlib.import_module(f"sfbench.metrics.steps.{name}").figures
    return found
