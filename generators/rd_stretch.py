"""Firms that stretch their R&D ratio over a legal floor: what a test for heaping has to find out. Unpublished."""

import numpy as np

from sfbench.kit import Column, Table

TABLE = Table(
    zh="研发强度凑线企业",
    en="Firms that stretch over a floor",
    published=False,
    key=("enterprise_id", "year"),
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("year", "count", "年度", "Year", low=2022, high=2027),
    ),
    needs=("firm_state", "firm_month"),
    grows="enterprise",
)

FIRST_YEAR, WINDOW = 2015, 2022


def rows(block, needs, params, draw):
    """One row a firm and year of the window in which it stretches, in order of firms."""
    at, year = np.nonzero(needs["firm_month"]["stretched"])
    inside = FIRST_YEAR + year >= WINDOW
    return {"enterprise_id": needs["firm_state"]["firm"][at[inside]], "year": FIRST_YEAR + year[inside]}
