"""The long table of metrics in short: each series at its latest month and at the last published one, and its target."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from sfbench.metrics.targets import parse_target
from sfbench.words import Language, figure, month, pick, reason, short_unit, unit

_SERIES = """
SELECT
    metric, component, cut, cut_value, any_value(unit) AS unit, any_value(target) AS target,
    max(period) FILTER (value IS NOT NULL) AS last_month,
    arg_max(value_city, period) FILTER (value IS NOT NULL) AS last_value,
    max(value_city) FILTER (period = $published) AS published_value,
    -- arg_max would pass over periods without a status, or a remark
    max(CASE WHEN period = last_valued THEN status END) AS status,
    any_value(first_achieved_on) AS first_achieved_on, any_value(sustained) AS sustained,
    any_value(reason) FILTER (value IS NULL) AS reason, any_value(measure) AS measure,
    max(CASE WHEN period = last_valued THEN reason END) AS remark,
    coalesce(any_value(first_achieved_on) > $published, FALSE) AS first_projected
FROM (
    SELECT *,
        row_number() OVER () AS place,
        max(period) FILTER (value IS NOT NULL) OVER (PARTITION BY metric, component, cut, cut_value) AS last_valued
    FROM long_table
)
WHERE $every OR cut = 'total'
GROUP BY metric, component, cut, cut_value
ORDER BY min(place)
"""


@dataclass(frozen=True, slots=True)
class Series:
    """One component of a metric at one value of a cut. Values are those of a whole city."""

    metric: str
    component: str
    cut: str
    cut_value: str
    unit: str
    target: str | None
    last_month: datetime.date | None
    last_value: float | None
    published_value: float | None
    status: str | None
    first_achieved_on: datetime.date | None
    sustained: bool | None
    reason: str | None  # why there is no value, where there is none
    measure: int
    remark: str | None  # what is said of the latest value, such as that its growth is capped
    first_projected: bool = False  # whether first_achieved_on comes after the last published month


def series(long_table: pa.Table, published: datetime.date | None, *, every_cut: bool) -> list[Series]:
    """One entry a series of the long table, in its order; only the totals unless `every_cut`."""
    with duckdb.connect() as connection:
        connection.register("long_table", long_table)
        rows = connection.execute(_SERIES, {"published": published, "every": every_cut}).fetchall()
    return [Series(*row) for row in rows]


def last_published(connection: duckdb.DuckDBPyConnection) -> datetime.date | None:
    """Last month end with published figures; later ones are a projection. None if the dataset does not say."""
    # Asked first: DuckDB would take a name that no view has for a Python variable.
    asked = "SELECT count(*) FROM information_schema.columns WHERE (table_name, column_name) = ('month', 'projection')"
    if connection.execute(asked).fetchall() == [(0,)]:
        return None  # made with --tables, or a user's own files
    day: datetime.date | None = connection.execute("SELECT max(month) FROM month WHERE NOT projection").fetchall()[0][0]
    return day


def target_words(lang: Language, text: str | None, unit_name: str) -> str:
    """A target line of a metric file for people; empty where there is none."""
    if not text:
        return ""
    target = parse_target(text)
    en = {">": "above", ">=": "at least", "<": "below", "<=": "at most"}[target.operator]
    zh = {">": "高于", ">=": "不低于", "<": "低于", "<=": "不高于"}[target.operator]
    if target.lag is not None:
        return pick(lang, f"{en} {target.lag} months earlier", f"{zh}{target.lag}个月前")
    level = f"{target.level:,g}{short_unit(lang, unit_name)}"
    until_en = f" {'every month to' if target.every_month else 'by'} {target.until}" if target.until else ""
    until_zh = f"{target.until}前{'每月' if target.every_month else ''}" if target.until else ""
    return pick(lang, f"{en} {level}{until_en}", f"{until_zh}{zh}{level}")


def missed_a_month(one: Series) -> bool:
    """Whether the target asks for every month and one after the first that met it did not."""
    return bool(one.target and parse_target(one.target).every_month and one.sustained is False)


def finding_words(lang: Language, one: Series) -> str:
    """Whether the target is reached, since when, and whether it was kept: when, never why."""
    until = parse_target(one.target).until if one.target else ""
    if until and one.status and month(one.last_month) > until:
        return _finding(lang, one) + pick(lang, f" (as of {until})", f"（截至{until}）")
    return _finding(lang, one)


def _finding(lang: Language, one: Series) -> str:
    if one.status is None:
        why = reason(lang, one.reason) or pick(lang, "nothing to compare with", "无可比数据")
        return pick(lang, f"not computable: {why}", f"无法计算：{why}") if one.target else ""
    first = month(one.first_achieved_on) + (pick(lang, " (projected)", "（推演）") if one.first_projected else "")
    if one.status == "reached":
        if missed_a_month(one):
            en = f"met in the latest month, but not in every month since {first}"
            return pick(lang, en, f"最近一月满足，但{first}以来并非每月满足")
        if one.sustained:
            return pick(lang, f"reached since {first}, sustained", f"{first}起达成，持续保持")
        return pick(
            lang, f"reached; first in {first}, not in every period since", f"已达成；{first}首次达成，其后并非各期保持"
        )
    if one.first_achieved_on is None:
        return pick(lang, "not reached in any period", "各期均未达成")
    return pick(lang, f"not reached; first reached in {first}, not sustained", f"未达成；{first}曾首次达成，未能保持")


def value_words(lang: Language, one: Series, value: float | None) -> str:
    """A value of the series with the sign of its unit."""
    return figure(value, one.unit, lang)


def unit_words(lang: Language, one: Series) -> str:
    """The unit, where the value does not carry its sign."""
    return "" if one.unit in ("%", "percentage point") else unit(lang, one.unit)
