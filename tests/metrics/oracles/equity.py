"""The metrics on equity, and on equity beside credit, by another route than the SQL: plain Python over rows of dicts.

Written from `tests/acceptance/metrics/equity/definitions.yaml` before the SQL; polars only where notes are many.
"""

from __future__ import annotations

from pathlib import Path

from .equity_common import Data, Figures
from .equity_deals import deal_figures
from .equity_funds import fund_figures
from .equity_links import link_figures


def figures(folder: Path) -> Figures:
    """Every figure of the group on the dataset in `folder`/data/<table>/*.parquet; None where it has no value."""
    found: Figures = {}
    data = Data(folder)
    fund_figures(found, data)
    deal_figures(found, data)
    link_figures(found, data)
    return found
