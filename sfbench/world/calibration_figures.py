"""Figures of a dataset that answer published ones, by the kinds that `datasets/calibration/expressed/` names.

`query` is one SQL query whose value grows with the scale, `query_fixed` one of which every scale has the same (a ratio,
a rate, a number of named funds), `query_cap` the largest value under a published ceiling, `rule` the percent of rows
that keep a published rule. The other kinds are named queries with words as arguments.
"""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

Figure = tuple[float | None, float | None]  # (value, share from notes)


def figure(con: duckdb.DuckDBPyConnection, kind: str, argument: str, month: str, scale: float) -> Figure:
    """Value of a figure at the end of `month` (YYYY-MM) and the share of it that loan notes or tags make up.

    (None, None) where the dataset has no row for it. A query for a table that the dataset lacks raises
    `duckdb.CatalogException`.
    """
    day = _month_end(month)
    return _query(con, kind, argument, day, scale) if kind in QUERIES else _FIGURES[kind](con, argument.split(), day)


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


def _query(
    con: duckdb.DuckDBPyConnection, kind: str, sql: str, month: datetime.date, scale: float
) -> tuple[float | None, None]:
    """The one value of a query, in which `$month` is the month end and `$scale` the scale.

    A sum or count that grows with the scale is 0 where a small world has no row for it: None.
    """
    given = {"month": month, "scale": scale}
    row = con.execute(sql, {name: value for name, value in given.items() if f"${name}" in sql}).fetchone()
    value = None if row is None or row[0] is None else float(row[0])
    if value is None or not math.isfinite(value) or (kind == "query" and value == 0):
        return None, None
    return value, None


QUERIES = ("query", "query_fixed", "query_cap", "rule")
_FIGURES = {
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
