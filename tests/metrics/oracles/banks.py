"""Measures 7, 8 (products), 9 and 11 from the definitions in tests/acceptance/metrics/banks, in polars from Parquet."""

from __future__ import annotations

from pathlib import Path

from . import banks_access, banks_book, banks_credit, banks_organisation, banks_products
from .banks_world import Figures, World


def figures(folder: Path) -> Figures:
    """(metric, component, period, cut, cut value) -> value, of the dataset in `folder`/data/<table>/*.parquet."""
    world, found = World(folder / "data"), Figures()
    for part in (banks_book, banks_products, banks_organisation, banks_access, banks_credit):
        part.add(found, world)
    return found
