"""Mutations of SQL by tokens: each kind makes one small change after another, a mistake that one could have made."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from sql_tokens import CLAUSES, Query


class Change(NamedTuple):
    """Another text in place of the tokens from `first` to `last`."""

    first: int
    last: int
    text: str


class Mutant(NamedTuple):
    kind: str
    line: int
    before: str
    after: str
    sql: str


Mutation = Callable[[Query, int], Iterator[Change]]  # the changes that begin at a token


def mutants(sql: str) -> list[Mutant]:
    """All mutants of a query, each text once."""
    query = Query(sql)
    found: dict[str, Mutant] = {sql: Mutant("", 0, "", "", sql)}
    for at in range(len(query.tokens)):
        for kind, mutation in MUTATIONS.items():
            for first, last, text in mutation(query, at):
                start, end = query.tokens[first].start, query.tokens[last].end
                mutated = sql[:start] + text + sql[end:]
                line = sql.count("\n", 0, start) + 1
                found.setdefault(mutated, Mutant(kind, line, sql[start:end], text, mutated))
    del found[sql]
    return list(found.values())


def _swapped(words: Mapping[str, str], query: Query, at: int) -> Iterator[Change]:
    if query.word(at) in words:
        yield Change(at, at, words[query.word(at)])


def _other_function(names: Mapping[str, str], query: Query, at: int) -> Iterator[Change]:
    if query.word(at + 1) == "(":
        yield from _swapped(names, query, at)


def _other_connective(query: Query, at: int) -> Iterator[Change]:
    if at not in query.upper.values():
        yield from _swapped({"AND": "OR", "OR": "AND"}, query, at)


def _other_sign(query: Query, at: int) -> Iterator[Change]:
    if query.word(at - 1) not in {"(", ",", "SELECT", "THEN", "ELSE", "BY"}:
        yield from _swapped({"+": "-", "-": "+"}, query, at)


def _other_join(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) == "JOIN":
        if query.word(at - 1) in {"LEFT", "FULL"}:
            yield Change(at - 1, at, "JOIN")
        elif query.word(at - 1) not in {"CROSS", "SEMI", "ANTI"}:
            yield Change(at, at, "LEFT JOIN")


def _other_union(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) == "UNION":
        every = query.word(at + 1) == "ALL"
        yield Change(at, at + every, "UNION" if every else "UNION ALL")


def _other_null(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) == "IS":
        if query.word(at + 1) == "NULL":
            yield Change(at, at, "IS NOT")
        elif query.text(at + 1, at + 2).upper() == "NOT NULL":
            yield Change(at, at + 1, "IS")


def _other_order(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) == "DESC":
        yield Change(at, at, "")
    if query.word(at) == "ORDER" and query.word(at + 1) == "BY" and query.tokens[at + 2].kind == "word":
        last = at + 2
        while query.word(last + 1) == ".":
            last += 2
        if query.word(last + 1) in {",", ")"}:
            yield Change(last, last, f"{query.text(last, last)} DESC")


def _other_number(query: Query, at: int) -> Iterator[Change]:
    """One more, or a tenth of a share; not of what turns units and shares of a hundred."""
    token = query.tokens[at]
    if token.kind != "number" or query.word(at - 1) == "." or re.match(r"1e|100(\.0)?$|10000", token.text):
        return
    if not token.text.isdigit():
        value = float(token.text)
        yield Change(at, at, repr(round(value + (0.1 if value < 1 else 1), 6)))
        return
    yield Change(at, at, str(int(token.text) + 1))
    if int(token.text) >= 2 and query.word(at + 1) in {"DAY", "MONTH", "YEAR"}:
        yield Change(at, at, str(int(token.text) - 1))


def _other_date(query: Query, at: int) -> Iterator[Change]:
    if re.fullmatch(r"'\d{4}-\d\d-\d\d'", query.word(at)):
        day = datetime.date.fromisoformat(query.word(at)[1:-1])
        yield from (Change(at, at, f"'{day + datetime.timedelta(days)}'") for days in (1, -1))


def _other_bounds(query: Query, at: int) -> Iterator[Change]:
    """BETWEEN without its lowest or highest value, or without one of its bounds."""
    if at in query.upper and query.word(at - 1) not in {"NOT", "RANGE", "ROWS"}:
        first, both = query.operand(at - 1), query.upper[at]
        last = query.until(both + 1, CLAUSES | {",", "AND", "OR", "THEN", "ELSE", "WHEN", "AS"}) - 1
        value, low, high = query.text(first, at - 1), query.text(at + 1, both - 1), query.text(both + 1, last)
        yield Change(first, last, f"({value} > {low} AND {value} <= {high})")
        yield Change(first, last, f"({value} >= {low} AND {value} < {high})")
        yield Change(first, last, f"{value} >= {low}")
        yield Change(first, last, f"{value} <= {high}")


def _bare(name: str, place: int, query: Query, at: int) -> Iterator[Change]:
    """An argument of a function without the function."""
    if query.word(at) == name and query.word(at + 1) == "(":
        yield Change(at, query.closing[at + 1], f"({query.text(*query.arguments(at + 1)[place])})")


def _one_argument(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) in {"GREATEST", "LEAST"} and query.word(at + 1) == "(":
        for argument in query.arguments(at + 1):
            yield Change(at, query.closing[at + 1], f"({query.text(*argument)})")


def _no_distinct(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) == "DISTINCT" and query.word(at + 1) != "FROM":
        yield Change(at, at, "")


def _no_not(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) == "NOT" and query.word(at - 1) != "IS":
        yield Change(at, at, "")


def _no_conjunct(query: Query, at: int) -> Iterator[Change]:
    """One condition of several, or the only one if it is not that of a join, is always true."""
    if query.word(at) in {"WHERE", "ON", "HAVING", "QUALIFY"}:
        parts = query.parts(at + 1, query.until(at + 1, CLAUSES | {","}), "AND")
        if len(parts) > 1 or query.word(at) != "ON":
            yield from (Change(first, last, "TRUE") for first, last in parts)


def _no_disjunct(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) == "OR":
        yield Change(at, query.until(at + 1, CLAUSES | {",", "AS", "THEN", "ELSE", "WHEN", "OR"}) - 1, "")


def _no_arm(query: Query, at: int) -> Iterator[Change]:
    """CASE without one of its arms; the only WHEN stays."""
    if query.word(at) == "CASE":
        end = query.closing[at]
        marks = [query.until(at + 1, {"WHEN", "ELSE"})]
        while marks[-1] < end:
            marks.append(query.until(marks[-1] + 1, {"WHEN", "ELSE"}))
        arms = list(pairwise(marks))
        lone = sum(query.word(first) == "WHEN" for first, _ in arms) == 1
        yield from (Change(first, then - 1, "") for first, then in arms if not (lone and query.word(first) == "WHEN"))


def _one_of_a_list_less(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) == "IN" and query.word(at + 1) == "(" and query.word(at + 2) not in {"SELECT", "WITH", "FROM"}:
        yield from _one_less(query, query.arguments(at + 1))


def _one_of_a_partition_less(query: Query, at: int) -> Iterator[Change]:
    if query.word(at) == "PARTITION" and query.word(at + 1) == "BY":
        yield from _one_less(query, query.parts(at + 2, query.until(at + 2, {"ORDER", "ROWS"}), ","))


def _one_less(query: Query, parts: list[tuple[int, int]]) -> Iterator[Change]:
    for left_out in parts if len(parts) > 1 else ():
        rest = ", ".join(query.text(*part) for part in parts if part != left_out)
        yield Change(parts[0][0], parts[-1][1], rest)


COMPARED = {"<=": "<", "<": "<=", ">=": ">", ">": ">=", "=": "<>", "<>": "="}
EXTREMES = {"MAX": "MIN", "GREATEST": "LEAST", "ARG_MAX": "ARG_MIN", "BOOL_OR": "BOOL_AND"}
EXTREMES |= {low: high for high, low in EXTREMES.items()}
BARE = {"COALESCE": 0, "LAST_DAY": 0, "NULLIF": 0, "DATE_TRUNC": 1, "ABS": 0, "ROUND": 0, "FLOOR": 0}
MUTATIONS: Mapping[str, Mutation] = {
    "compare": partial(_swapped, COMPARED),
    "and/or": _other_connective,
    "join": _other_join,
    "max/min": partial(_other_function, EXTREMES),
    "distinct": _no_distinct,
    **{name.lower(): partial(_bare, name, place) for name, place in BARE.items()},
    "arg of greatest": _one_argument,
    "number": _other_number,
    "date": _other_date,
    "union": _other_union,
    "is null": _other_null,
    "not": _no_not,
    "in list": _one_of_a_list_less,
    "order": _other_order,
    "between": _other_bounds,
    "plus/minus": _other_sign,
    "conjunct": _no_conjunct,
    "disjunct": _no_disjunct,
    "case arm": _no_arm,
    "partition": _one_of_a_partition_less,
}
