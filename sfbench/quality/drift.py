"""Drift of a dataset against a reference: one expectation per table, by the population stability index of its columns.

The index of a column is the sum over its classes of (p - q) ln(p / q), p and q the shares of rows here and there: 0 if
they agree; from 0.25 on "a major shift" (Siddiqi, Credit Risk Scorecards, 2006). Figures are classed by the reference's
deciles, codes and flags by value, empty cells are a class of their own, and classes of less than a hundredth of the
reference are one. Keys, texts and dates are left out: they differ between any two datasets.
"""

from __future__ import annotations

from collections.abc import Mapping

from sfbench.quality.catalogue import REFERENCE
from sfbench.quality.expectation import ROWS, Expectation, Suite
from sfbench.spec import Column, Table

SHIFT = 0.25
_ENOUGH = 1_000  # rows on both sides: ten classes then move the index by 0.02 on average if nothing has shifted
_FIGURES = ("money", "rate", "count", "number")
_CODES = ("code", "flag")


def drift_suites(tables: Mapping[str, Table]) -> tuple[Suite, ...]:
    """A suite for each table with a column that can drift."""
    return tuple(_suite(table) for table in tables.values() if _columns(table))


def _columns(table: Table) -> list[Column]:
    kinds = (*_FIGURES, *_CODES)
    return [c for c in table.columns if c.kind in kinds and not c.references and c.name not in table.key]


def _suite(table: Table) -> Suite:
    view = f"{table.name}_drift"
    expectation = Expectation(
        id=f"{table.name}.drift",
        type=ROWS,
        severity="warning",
        zh=f"{table.zh}各字段的分布与参照数据相近（群体稳定性指数不超过{SHIFT}）",
        en=f"{table.en}: every column is distributed as in the reference (population stability index up to {SHIFT})",
        finds_zh="分布漂移",
        finds_en="drift",
        query=f"SELECT * FROM {view} WHERE psi > {SHIFT} /* of {{batch}} */",
        measures=table.measures,
        where=table.where,
    )
    return Suite(
        name=f"{table.name} (drift)",
        table=table.name,
        expectations=(expectation,),
        views={view: " UNION ALL ".join(_index(table, column) for column in _columns(table))},
        where=table.where,
    )


def _index(table: Table, column: Column) -> str:
    """A row: the column, its index, and the class that moved most with its shares."""
    here, there = f'"{table.name}"', f'{REFERENCE}."{table.name}"'
    of = f"SELECT {_class(column)} AS class, count(*) AS n FROM"
    edges = f", (SELECT quantile_disc({column.name}, [{_TENTHS}]) AS e FROM {there})" if column.kind in _FIGURES else ""
    return f"""SELECT * FROM (WITH h AS ({of} {here}{edges} GROUP BY 1), t AS ({of} {there}{edges} GROUP BY 1),
        counted AS (SELECT CASE WHEN 100 * t.n >= (SELECT sum(n) FROM t) THEN class ELSE 'rest' END AS class,
                           sum(coalesce(h.n, 0)) AS h, sum(coalesce(t.n, 0)) AS t
                    FROM h FULL JOIN t USING (class) GROUP BY 1),
        shares AS (SELECT class, (h + 0.5) / sum(h + 0.5) OVER () AS p, (t + 0.5) / sum(t + 0.5) OVER () AS q,
                          least(sum(h) OVER (), sum(t) OVER ()) AS rows FROM counted)
        SELECT '{column.name}' AS "column", round(sum((p - q) * ln(p / q)), 3) AS psi,
               arg_max(class, abs(p - q)) AS class, round(arg_max(p, abs(p - q)), 4) AS share,
               round(arg_max(q, abs(p - q)), 4) AS share_in_reference
        FROM shares HAVING min(rows) >= {_ENOUGH})"""


_TENTHS = ", ".join(f"{tenth / 10}" for tenth in range(1, 10))


def _class(column: Column) -> str:
    """The class of a cell as text. `e` holds the reference's deciles."""
    name = column.name
    if column.kind in _CODES:
        return f"coalesce({name}::VARCHAR, 'empty')"
    above = " + ".join(f"({name} > e[{tenth}])::INT" for tenth in range(1, 10))
    return f"coalesce(({above})::VARCHAR, 'empty')"
