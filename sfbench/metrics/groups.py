"""What the groups of cuts are called: codes by their lists, districts, clusters, banks and funds by their names.

`datasets/vocabulary/cut.csv` says of each cut where its values have their labels, `cut_value.csv` what the others are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import NamedTuple

import duckdb

from sfbench import content
from sfbench.kit import code_list, vocabulary
from sfbench.words import Language, pick

_ANY = "*"  # as a cut: values that each may have; within a cut: two cuts at once
_VOCABULARY = {  # cut -> vocabulary file and the column of its values
    "cluster": ("cluster", ""),
    "district": ("district", "district_id"),
    "product": ("product", "code"),
    "version": ("product", "code"),
}
# cut -> table with a name_zh, and its column of English names
_TABLES = {"bank": ("institution", "name_en"), "guarantor": ("institution", "name_en"), "fund": ("fund", "name_zh")}


class Name(NamedTuple):
    zh: str
    en: str


Held = Mapping[str, Mapping[str, Name]]  # cut -> value -> name


class _Kind(NamedTuple):
    """A cut by its row of the vocabulary: its label, where its values have theirs, and what parts two of them."""

    zh: str
    of: str
    joined_by: str


def held_names(connection: duckdb.DuckDBPyConnection, cuts: Iterable[str]) -> Held:
    """Names of banks, guarantors and funds, as far as these cuts have any, by the tables that are there."""
    asked = {one for cut in cuts for one in cut.split(_ANY)}
    return {cut: dict(_of_table(connection, table, en)) for cut, (table, en) in _TABLES.items() if cut in asked}


def cut_label(metric: str, cut: str, lang: Language) -> str:
    """Name of a cut; in English what `--cut` takes."""
    return pick(lang, cut, _kind(metric, cut).zh)


def group_name(metric: str, cut: str, value: str, lang: Language, held: Held) -> str:
    """Name of a value of a cut, empty if it has none but itself."""
    if _ANY in cut:
        both = zip(cut.split(_ANY), value.split(_ANY), strict=False)  # a user's own value may not be of two parts
        return " × ".join(group_name(metric, one, of, lang, held) or of for one, of in both)
    known = _labels(metric, cut)
    name = held.get(cut, {}).get(value) or known.get(value)
    mark = _kind(metric, cut).joined_by
    if name is None and mark and mark in value:
        parts = (known.get(part, Name(part, part)) for part in value.split(mark))
        return " → ".join(pick(lang, part.en, part.zh) for part in parts)
    return pick(lang, name.en, name.zh) if name else ""


def group_words(metric: str, cut: str, value: str, lang: Language, held: Held) -> str:
    """A group for people, such as `district = Nanshan (3)`."""
    name = group_name(metric, cut, value, lang, held)
    of = pick(lang, f"{name} ({value})", f"{name}（{value}）") if name else value
    return f"{cut_label(metric, cut, lang)} = {of}"


@cache
def _kinds() -> Mapping[str, _Kind]:
    rows = zip(*(vocabulary("cut", name) for name in ("cut", "zh", "of", "joined_by")), strict=True)
    return {cut: _Kind(*rest) for cut, *rest in rows}


def _kind(metric: str, cut: str) -> _Kind:
    """A user's own metric may have a cut that no row names."""
    known = _kinds()
    return known.get(f"{metric}/{cut}") or known.get(cut) or _Kind(cut, "", "")


@cache
def _labels(metric: str, cut: str) -> Mapping[str, Name]:
    found: dict[str, Name] = {}
    for source in filter(None, _kind(metric, cut).of.split("|")):
        table, _, column = source.partition(".")
        codes = content.tables()[table].spec.column(column).values if column else code_list(source)
        found |= {code.code: Name(code.zh, code.en) for code in codes if code.code not in found}
    rows = zip(*(vocabulary("cut_value", name) for name in ("cut", "value", "zh", "en")), strict=True)
    found |= {value: Name(zh, en) for of, value, zh, en in rows if of in (cut, _ANY)}
    return found | dict(_of_vocabulary(*_VOCABULARY[cut])) if cut in _VOCABULARY else found


def _of_vocabulary(file: str, key: str) -> Iterator[tuple[str, Name]]:
    """By a column of the file, or by the number of the row."""
    names = [Name(*both) for both in zip(vocabulary(file, "name_zh"), vocabulary(file, "name_en"), strict=True)]
    values = vocabulary(file, key) if key else [str(number + 1) for number in range(len(names))]
    return zip(values, names, strict=True)


def _of_table(connection: duckdb.DuckDBPyConnection, table: str, en: str) -> Iterator[tuple[str, Name]]:
    wanted = {f"{table}_id", "name_zh", en}
    asked = "SELECT column_name FROM information_schema.columns WHERE table_name = $table"
    if wanted <= {name for (name,) in connection.execute(asked, {"table": table}).fetchall()}:
        with suppress(duckdb.Error):  # a metric that needs the table says why it cannot be read
            for number, zh, en_name in connection.execute(f"SELECT {table}_id, name_zh, {en} FROM {table}").fetchall():
                if number is not None and (zh or en_name):
                    yield str(number), Name(zh or en_name, en_name or zh)
