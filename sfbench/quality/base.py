"""The base suite of a table: what its declaration alone says must hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sfbench.quality.expectation import ROWS, Expectation, Severity, Suite
from sfbench.quality.garbled import garbled
from sfbench.quality.known import last_day
from sfbench.quality.tallies import owner_key, tallies, tally
from sfbench.quality.timeliness import timeliness
from sfbench.quality.uscc import faulty_codes
from sfbench.spec import Column, Table
from sfbench.store.shape import DUCKDB_TYPES

Pair = tuple[str, str]  # zh, en
_CHECKS = {"uscc": faulty_codes}
_CODED = ("code", "_no", "uscc")  # ends of the names of texts that are codes: their forms are hand-written


def base_suite(table: Table, as_of: dt.date | None = None) -> Suite:
    """Columns, types, floor, key, nulls, codes, bounds, references, check digits, texts, dates, months, as declared.

    as_of: the day of knowledge of the data that it is for.
    """
    cells = (e for column in table.columns for e in _cells(table, column))
    expectations = (*_whole(table), *cells, *_dates(table, as_of), *timeliness(table))
    views = tallies(table) | {_repeats(table): _repeated_keys(table)}
    return Suite(
        name=f"{table.name} (base)", table=table.name, expectations=expectations, views=views, where=table.where
    )


def _repeats(table: Table) -> str:
    return f"{table.name}_key_repeats"


def _repeated_keys(table: Table) -> str:
    """A query of the keys that come again. A window is less than half the work of GROUP BY where rows lie by their key.

    Where rows are tallied by one part of the key it looks only at what has more rows than numbers, or seems to.
    """
    keys, source = ", ".join(table.key), table.name
    if owner := owner_key(table):
        several = f"FROM {tally(table, owner)} WHERE rows <> numbers"
        source = (
            f"(FROM {source} SEMI JOIN ({several}) AS several ON {source}.{owner} IS NOT DISTINCT FROM several.{owner})"
        )
    return f"SELECT {keys} FROM {source} QUALIFY row_number() OVER (PARTITION BY {keys}) > 1"


def _whole(table: Table) -> Iterator[Expectation]:
    names = [c.name for c in table.columns]
    yield _built_in(
        table,
        "columns",
        "expect_table_columns_to_match_ordered_list",
        {"column_list": names},
        f"{table.zh}的字段及次序与声明一致",
        f"{table.en}: the columns are those declared, in their order",
        ("表结构漂移：字段丢失、新增、改名或移位", "schema drift: a column lost, added, renamed or moved"),
    )
    pairs = ", ".join(f"('{c.name}', '{DUCKDB_TYPES[c.kind]}')" for c in table.columns)
    yield _rows(
        table,
        "types",
        f"WITH declared(name, type) AS (VALUES {pairs}), found AS (FROM (DESCRIBE SELECT * FROM {{batch}})) "
        "SELECT name, type AS declared, column_type AS found FROM declared JOIN found ON name = column_name "
        "WHERE type <> column_type",
        f"{table.zh}的字段类型与声明一致",
        f"{table.en}: the types are those declared",
        ("表结构漂移：字段类型改变", "schema drift: a column of another type"),
    )
    yield _built_in(
        table,
        "floor",
        "expect_table_row_count_to_be_between",
        {"min_value": max(table.floor, 1)},
        f"{table.zh}至少有{max(table.floor, 1)}行",
        f"{table.en}: at least {max(table.floor, 1)} rows",
        ("空表或被截断的表，其他检查都会放过", "an empty or cut-off table, which would pass every other check"),
    )
    yield _rows(
        table,
        "key",
        f"SELECT * FROM {_repeats(table)} /* of {{batch}} */",
        f"{table.zh}的主键({'、'.join(table.key)})不重复",
        f"{table.en}: the key ({', '.join(table.key)}) is unique",
        ("重复的行", "duplicated rows"),
    )


def _cells(table: Table, column: Column) -> Iterator[Expectation]:
    of = f"{table.zh}的{column.zh}"
    of_en = f"{table.en}, {column.en}"
    keys, name = ", ".join(table.key), column.name
    target = {"column": name}
    if not column.nullable:
        kind = "expect_column_values_to_not_be_null"
        lost = ("数值遗漏", "a lost value")
        yield _built_in(table, f"{name}.not_null", kind, target, f"{of}不为空", f"{of_en}: never null", lost)
    if column.values:
        codes = {**target, "value_set": [value.code for value in column.values]}
        kind = "expect_column_values_to_be_in_set"
        unknown = ("未知或乱码的代码", "an unknown or garbled code")
        words = (f"{of}取值在代码表内", f"{of_en}: a code of its list")
        yield _built_in(table, f"{name}.codes", kind, codes, *words, unknown)
    bounds = _bounds(column)
    if bounds:
        kind = "expect_column_values_to_be_between"
        wrong = ("单位、正负号或数量级有误", "a wrong unit, sign or magnitude")
        words = (f"{of}在允许范围内", f"{of_en}: within its bounds")
        yield _built_in(table, f"{name}.range", kind, {**target, **bounds}, *words, wrong)
    if column.references:
        parent, _, parent_column = column.references.partition(".")
        source, tallied = "{batch}", tally(table, name)
        if tallied in tallies(table):  # a name is looked up once, not once a row
            orphans = (
                f"FROM {tallied} AS tallied ANTI JOIN {parent} AS parent ON tallied.{name} = parent.{parent_column}"
            )
            source = f"(FROM {{batch}} SEMI JOIN ({orphans}) AS orphan USING ({name}))"
        yield _rows(
            table,
            f"{name}.reference",
            f"SELECT {keys}{_beside(table, name)} FROM {source} AS child ANTI JOIN {parent} AS parent "
            f"ON child.{name} = parent.{parent_column} WHERE child.{name} IS NOT NULL",
            f"{of}能在{column.references}中找到",
            f"{of_en}: exists in {column.references}",
            ("无主记录", "an orphan"),
        )
    if column.check:
        words = (f"{of}的格式与校验位正确", f"{of_en}: form and check digits are right")
        mistyped = ("代码录错", "a mistyped code")
        yield _rows(table, f"{name}.check", _CHECKS[column.check](name, keys), *words, mistyped)
    if column.kind == "text" and not name.endswith(_CODED):
        kind = "expect_column_values_to_not_match_regex"
        words = (
            f"{of}没有乱码、全角数字字母和首尾空格",
            f"{of_en}: no garbled characters and no stray blanks",
        )
        foreign = ("编码不同的文本", "a text in another encoding")
        yield _built_in(table, f"{name}.text", kind, {**target, "regex": garbled()}, *words, foreign)
    if column.known_on and column.known_on != name:
        day = table.column(column.known_on)
        yield _rows(
            table,
            f"{name}.known",
            f"SELECT {keys}{_beside(table, name)} FROM {{batch}} WHERE {name} IS NOT NULL AND {day.name} IS NULL",
            f"{of}在{day.zh}为空时也为空",
            f"{of_en}: empty while {day.en} is empty",
            ("尚未发生就已知的事实", "a fact known before it happened"),
        )


def _dates(table: Table, as_of: dt.date | None) -> Iterator[Expectation]:
    until, until_en = (f"或{as_of}", f", or {as_of}") if as_of else ("", "")
    for name in dict.fromkeys(filter(None, (table.event_on, table.known_on))):
        column = table.column(name)
        if table.name == "month" or column.references == "month.month":
            continue  # it is the window, or looked up there
        keys = ", ".join(table.key)
        yield _rows(
            table,
            f"{name}.window",
            f"SELECT {keys}{_beside(table, name)} FROM {{batch}} WHERE {name} > {last_day(as_of)}",
            f"{table.zh}的{column.zh}不晚于数据的最后一个月末{until}",
            f"{table.en}, {column.en}: not after the last month end of the data{until_en}",
            ("来自未来的事实", "a fact leaked from the future"),
        )


def _beside(table: Table, name: str) -> str:
    return "" if name in table.key else f", {name}"


def _bounds(column: Column) -> dict[str, Any]:
    pairs = (("min_value", _day(column.low_on) or column.low), ("max_value", _day(column.high_on) or column.high))
    return {key: value for key, value in pairs if value is not None}


def _day(text: str) -> dt.datetime | None:
    """A bound as a moment: pandas compares no dates with text."""
    return dt.datetime.fromisoformat(text) if text else None


def _built_in(
    table: Table, claim: str, kind: str, kwargs: dict[str, Any], zh: str, en: str, finds: Pair
) -> Expectation:
    return Expectation(kwargs=kwargs, **_common(table, claim, kind, zh, en, finds))


def _rows(table: Table, claim: str, query: str, zh: str, en: str, finds: Pair) -> Expectation:
    return Expectation(query=query, **_common(table, claim, ROWS, zh, en, finds))


def _common(table: Table, claim: str, kind: str, zh: str, en: str, finds: Pair) -> dict[str, Any]:
    severity: Severity = "critical"
    texts = {"zh": zh, "en": en, "finds_zh": finds[0], "finds_en": finds[1]}
    return {
        "id": f"{table.name}.{claim}",
        "type": kind,
        "severity": severity,
        **texts,
        "measures": table.measures,
        "where": table.where,
    }
