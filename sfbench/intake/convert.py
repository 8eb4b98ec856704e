"""From text cells to the declared types, in DuckDB's SQL: a value, or the kind of problem why there is none."""

from __future__ import annotations

from collections.abc import Mapping

from sfbench.intake.labels import labels
from sfbench.intake.text_keys import number
from sfbench.spec import Column
from sfbench.store.formats._cells import unguarded
from sfbench.store.read import sql_text
from sfbench.store.shape import DUCKDB_TYPES

_YES = ("1", "true", "t", "yes", "y", "是")
_NO = ("0", "false", "f", "no", "n", "否")
_GARBLED = "锟斤拷|\ufffd|烫烫烫"  # UTF-8's replacement character, and what is left of it when it is read as GB18030
_DIGITS = {"money": 2, "rate": 5}
# Dates as people write them: 2025-12-31, 2025/12/31, 20251231, 2025年12月31日, with a midnight behind it.
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d")


def value(column: Column, cell: str, *, guarded: bool, text_key: bool = False) -> str:
    """The SQL of a cell's value; null for an empty cell and for one that does not fit, which no `text_key` does."""
    if column.kind == "text":
        return unguarded(cell) if guarded else cell
    text = _trimmed(cell)
    if text_key:
        return number(text)
    if column.kind == "code":
        return _code(column, unguarded(text) if guarded else text)
    if column.kind == "flag":
        yes, no = (", ".join(map(sql_text, words)) for words in (_YES, _NO))
        return f"CASE WHEN lower({text}) IN ({yes}) THEN true WHEN lower({text}) IN ({no}) THEN false END"
    if column.kind == "date":
        formats = ", ".join(map(sql_text, _DATES))
        day = f"regexp_replace({text}, '[T ]00:00:00(\\.0+)?$', '')"
        return f"CAST(try_strptime({day}, [{formats}]) AS DATE)"
    if column.kind == "number":
        return f"TRY_CAST({_number(text)} AS DOUBLE)"
    kind = DUCKDB_TYPES[column.kind]
    digits = f"CASE WHEN {_fits(column, text)} THEN TRY_CAST({_number(text)} AS {kind}) END"
    named = labels(column)
    return f"coalesce({_mapped(named)}[lower({text})], {digits})" if named else digits


def problem(column: Column, cell: str, found: str) -> str:
    """The SQL of a cell's problem, given the name of its value: a kind of `problems.WORDS`, or null."""
    text = _trimmed(cell)
    empty = f"{cell} IS NULL" if column.kind == "text" else f"{text} IS NULL"
    null = "NULL" if column.nullable else "'null'"
    if column.kind == "text":
        return f"CASE WHEN {empty} THEN {null} WHEN regexp_matches({cell}, {sql_text(_GARBLED)}) THEN 'garbled' END"
    return f"CASE WHEN {empty} THEN {null} WHEN {found} IS NULL THEN {_kind(column, text)} END"


def _kind(column: Column, text: str) -> str:
    if column.kind in ("code", "flag", "date", "number"):
        return f"'{column.kind}'"
    if column.kind in ("key", "count"):
        return rf"CASE WHEN regexp_full_match({_number(text)}, '[+-]?\d+') THEN 'range' ELSE 'whole' END"
    is_number = rf"regexp_full_match({_number(text)}, '[+-]?(\d+\.?\d*|\.\d+)')"
    return f"CASE WHEN NOT {is_number} THEN 'number' WHEN NOT {_fits(column, text)} THEN 'digits' ELSE 'range' END"


def _trimmed(cell: str) -> str:
    return f"nullif(trim({cell}), '')"


def _number(text: str) -> str:
    """Without the commas between thousands and a percent sign at the end."""
    with_commas = rf"regexp_full_match({text}, '[+-]?\d{{1,3}}(,\d{{3}})+(\.\d+)?%?')"
    return f"rtrim(CASE WHEN {with_commas} THEN replace({text}, ',', '') ELSE {text} END, '%')"


def _fits(column: Column, text: str) -> str:
    """Whether a number has no more decimals than the column keeps; zeros at the end do not count."""
    digits = _DIGITS.get(column.kind, 0)
    decimals = rf"(\.\d{{0,{digits}}}0*)?" if digits else r"(\.0*)?"
    return rf"regexp_full_match({_number(text)}, '[+-]?\d*{decimals}') AND regexp_matches({text}, '\d')"


def _code(column: Column, text: str) -> str:
    """The code itself, or its Chinese or English label, whatever its case."""
    aliases = {code.code: code.code for code in column.values}
    for code in column.values:
        for label in (code.zh, code.en, code.code.casefold(), code.en.casefold(), f"{code.code} {code.zh}"):
            aliases.setdefault(label, code.code)
    if not aliases:
        return text
    mapping = _mapped(aliases)
    return f"coalesce({mapping}[{text}], {mapping}[lower({text})])"


def _mapped(known: Mapping[str, str] | Mapping[str, int]) -> str:
    """A map of DuckDB's from texts to codes or keys."""
    pairs = (f"{sql_text(text)}: {sql_text(it) if isinstance(it, str) else it}" for text, it in known.items())
    return f"MAP {{{', '.join(pairs)}}}"
