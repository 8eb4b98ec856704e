"""The metrics of measures 12 to 15 by another route than the SQL, from the definitions of the group `sharing`.

Small tables are read as lists of rows and worked on in plain Python with exact decimals; balances are first cut down to
the month ends and notes in question in polars.
"""

from __future__ import annotations

from pathlib import Path

from . import sharing_digital, sharing_green, sharing_guarantee, sharing_insurance, sharing_pool
from .sharing_data import Data, Figures


def figures(folder: Path) -> Figures:
    """(metric, component, period, cut, cut_value) -> value of every figure of the group; None where not computable."""
    data, found = Data(folder), Figures()
    for part in (sharing_green, sharing_digital, sharing_guarantee, sharing_pool, sharing_insurance):
        part.work_out(data, found)
    return found
