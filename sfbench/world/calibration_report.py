"""How far a dataset is from the published figures: every fact that its tables can express, with what was found.

`datasets/calibration/facts.csv` holds the facts, `expressed.csv` which figure of the data answers one, and
`not_expressed.csv` why another cannot be answered.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfbench.errors import SfbenchError
from sfbench.folders import read_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

# Criterion of the project: sourced levels within 3 %, 5 % where confidence is medium; yoy and rates by points.
TOLERANCE = {"high": 3.0, "medium": 5.0}
YOY_POINTS = 1.0
STANDARD_DEVIATIONS = 3.0  # a single world may be this far off by chance


@dataclass(frozen=True, slots=True)
class Row:
    """One published figure and what the dataset says.

    `deviation` is in percent of the published level, or in points where the figure is itself a percentage.
    `deviation_sd` is what chance alone gives a world of this scale (None if not measured). `judged` is False for
    figures from memory: they are priors.
    """

    key: str
    en: str
    zh: str
    unit: str
    as_of: str
    published: float
    confidence: str
    source: str
    simulated: float | None
    deviation: float | None
    deviation_sd: float | None
    note_share: float | None  # share of the figure that loan notes (or tags) make up, 0 to 1
    judged: bool
    within: bool | None


def compare(connection: duckdb.DuckDBPyConnection, scale: float) -> list[Row]:
    """Rows in the order of `expressed.csv`; amounts and counts are judged at the scale of the city."""
    facts = _rows("facts")
    spread = {row["key"]: float(row["sd"]) for row in _rows("spread").values()}
    return [_compare(connection, scale, facts[key], wish, spread.get(key)) for key, wish in _rows("expressed").items()]


def not_expressed() -> list[tuple[str, str]]:
    """(key, reason) of the Shenzhen facts that no table can answer yet."""
    return [(key, row["reason"]) for key, row in _rows("not_expressed").items()]


def _compare(
    connection: duckdb.DuckDBPyConnection, scale: float, fact: dict[str, str], wish: dict[str, str], sd: float | None
) -> Row:
    published = float(fact["value"])
    words = [wish["argument"]] if wish["kind"] in _QUERIES else wish["argument"].split()
    value, share = _FIGURES[wish["kind"]](connection, words, _month_end(wish["month"]))
    points = fact["unit"].startswith("%")
    unscaled = points or wish["kind"] == "query_fixed"  # a ratio, or something of which every scale has the same
    simulated = None if value is None else float(value) / (1.0 if unscaled else scale)
    deviation = None
    if simulated is not None:
        deviation = simulated - published if points else 100 * (simulated / published - 1)
    judged = not fact["source"].startswith("memory") and fact["confidence"] in TOLERANCE
    chance = None if sd is None else sd * (0.2 / scale) ** 0.5  # measured at 0.2; noise falls with the root of size
    if fact["unit"].split()[0] in _COUNTS and not unscaled:  # a small count has its own sampling error
        chance = max(chance or 0.0, 100 / max(published * scale, 1.0) ** 0.5)
    within = None
    if judged and deviation is not None:
        allowed = YOY_POINTS if points else TOLERANCE[fact["confidence"]]
        within = abs(deviation) <= max(allowed, STANDARD_DEVIATIONS * (chance or 0.0))
    return Row(
        key=fact["key"],
        en=fact["definition_en"],
        zh=fact["definition_zh"],
        unit=fact["unit"],
        as_of=fact["as_of"],
        published=published,
        confidence="prior" if fact["source"].startswith("memory") else fact["confidence"],
        source=fact["source"],
        simulated=simulated,
        deviation=deviation,
        deviation_sd=chance,
        note_share=share,
        judged=judged,
        within=within,
    )


Figure = tuple[float | None, float | None]  # (value, share from notes)


def _report(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    item, scope = words
    other = "all_loans - (enterprise_loans - enterprise_loans_other)" if item == "all_loans" else f"{item}_other"
    sql = f"""
        SELECT SUM({item})::DOUBLE / 1e8, 1 - SUM({other})::DOUBLE / SUM({item})
        FROM bank_month WHERE current AND reporting_scope = ? AND month = ?"""
    return _one(con, sql, scope, month)


def _report_yoy(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    return _yoy(_report(con, words, month), _report(con, words, _year_before(month)))


def _report_increase(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    (now, now_share), (then, then_share) = _report(con, words, month), _report(con, words, _year_before(month))
    if now is None or then is None or now_share is None or then_share is None:
        return None, None
    return now - then, (now * now_share - then * then_share) / (now - then)


def _report_ratio(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    part, whole, scope = words
    sql = f"""
        SELECT 100 * SUM({part})::DOUBLE / SUM({whole}), 1 - SUM({part}_other)::DOUBLE / SUM({part})
        FROM bank_month WHERE current AND reporting_scope = ? AND month = ?"""
    return _one(con, sql, scope, month)


_HELD = "t.tag = ? AND t.valid_from <= ? AND t.valid_to >= ? AND t.published_on <= ?"


def _tag_balance(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    sql = f"""
        SELECT SUM(b.balance_rmb)::DOUBLE / 1e8, 1.0
        FROM loan_balance b JOIN loan l USING (loan_id)
        WHERE b.month = ? AND l.enterprise_id IN (SELECT t.enterprise_id FROM enterprise_tag t WHERE {_HELD})"""
    return _one(con, sql, month, words[0], month, month, month)


def _tag_balance_yoy(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    return _yoy(_tag_balance(con, words, month), _tag_balance(con, words, _year_before(month)))


def _chain_balance_yoy(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    sql = f"""
        SELECT SUM(b.balance_rmb)::DOUBLE / 1e8, 1.0
        FROM loan_balance b JOIN loan l USING (loan_id) JOIN industry i ON i.industry_code = l.use_industry
        WHERE b.month = ? AND i.{words[0]}"""
    return _yoy(_one(con, sql, month), _one(con, sql, _year_before(month)))


def _new_loan_rate(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    sql = """
        SELECT SUM(amount_rmb::DOUBLE * grant_rate) / SUM(amount_rmb::DOUBLE), 1.0
        FROM loan WHERE currency = 'CNY' AND last_day(granted_on) = ?"""
    return _one(con, sql, month)


_HOLDERS = f"""
    SELECT COUNT(DISTINCT t.enterprise_id)::DOUBLE, 1.0
    FROM enterprise_tag t JOIN enterprise e USING (enterprise_id) WHERE e.in_city AND {_HELD}"""


def _tag_count(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    return _one(con, _HOLDERS, words[0], month, month, month)


def _tag_count_district(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    return _one(con, f"{_HOLDERS} AND e.district_id = {int(words[1])}", words[0], month, month, month)


def _tag_share_district(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    part, whole = _tag_count_district(con, words, month)[0], _tag_count(con, words, month)[0]
    return (None, None) if not whole or part is None else (100 * part / whole, 1.0)


def _tag_new(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    sql = """
        SELECT COUNT(*)::DOUBLE, 1.0 FROM enterprise_tag t JOIN enterprise e USING (enterprise_id)
        WHERE e.in_city AND t.tag = ? AND t.batch = ? AND NOT EXISTS (
            FROM enterprise_tag p
            WHERE p.enterprise_id = t.enterprise_id AND p.tag = t.tag AND p.valid_to = t.valid_from - 1)"""
    return _one(con, sql, words[0], month.year)


def _product_firms(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    sql = """
        SELECT COUNT(DISTINCT enterprise_id)::DOUBLE, 1.0
        FROM loan JOIN product USING (product_id) WHERE starts_with(code, ?) AND granted_on <= ?"""
    return _one(con, sql, words[0], month)


def _product_approved(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    sql = """
        SELECT SUM(amount_approved)::DOUBLE / 1e8, 1.0
        FROM credit_application JOIN product USING (product_id) WHERE code = ? AND decided_on <= ?"""
    return _one(con, sql, words[0], month)


def _query(con: duckdb.DuckDBPyConnection, words: list[str], month: datetime.date) -> Figure:
    """The one value of a query, in which `$month` is the month end."""
    (sql,) = words
    values = {"month": month} if "$month" in sql else {}
    row = con.execute(sql, values).fetchone()
    return (None, None) if row is None or row[0] is None else (float(row[0]), None)


_COUNTS = ("count", "firms", "applications")
_QUERIES = ("query", "query_fixed")
_FIGURES = {
    "query": _query,
    "query_fixed": _query,
    "report": _report,
    "report_yoy": _report_yoy,
    "report_increase": _report_increase,
    "report_ratio": _report_ratio,
    "tag_balance": _tag_balance,
    "tag_balance_yoy": _tag_balance_yoy,
    "chain_balance_yoy": _chain_balance_yoy,
    "new_loan_rate": _new_loan_rate,
    "tag_count": _tag_count,
    "tag_count_district": _tag_count_district,
    "tag_share_district": _tag_share_district,
    "tag_new": _tag_new,
    "product_firms": _product_firms,
    "product_approved": _product_approved,
}


def _one(con: duckdb.DuckDBPyConnection, sql: str, *values: object) -> Figure:
    row = con.execute(sql, list(values)).fetchone()
    return (None, None) if row is None or row[0] is None else (float(row[0]), None if row[1] is None else float(row[1]))


def _yoy(now: Figure, then: Figure) -> Figure:
    if now[0] is None or not then[0]:
        return None, None
    return 100 * (now[0] / then[0] - 1), now[1]


def _month_end(month: str) -> datetime.date:
    year, part = map(int, month.split("-"))
    following = datetime.date(year + part // 12, part % 12 + 1, 1)
    return following - datetime.timedelta(1)


def _year_before(day: datetime.date) -> datetime.date:
    return _month_end(f"{day.year - 1}-{day.month:02d}")


def _rows(name: str) -> dict[str, dict[str, str]]:
    """The rows of a calibration file by their key."""
    return {row["key"]: row for row in _records(name)}


def _records(name: str) -> Iterator[dict[str, str]]:
    columns = read_csv(f"calibration/{name}.csv")
    if "key" not in columns:
        raise SfbenchError("the file has no column `key`", where=f"datasets/calibration/{name}.csv")
    for cells in zip(*columns.values(), strict=True):
        yield dict(zip(columns, cells, strict=True))
