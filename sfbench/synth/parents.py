"""Which reference is the parent where a user's declaration leaves it open: the first that every row has.

A column is nullable unless its declaration says that it is not, and who writes one by hand says so rarely. Whether a
reference is there in every row, the data tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sfbench.spec import Column, Table
from sfbench.synth.plans import parent_of


def settled(
    declared: Mapping[str, Table], among: Sequence[str], is_whole: Callable[[str, str], bool]
) -> dict[str, Table]:
    """The declarations, in which a nullable reference that is the parent is not nullable.

    is_whole: whether a column of a table holds no null. A reference that would close a circle is no parent.
    """
    out = dict(declared)
    for name in among:
        for column in _open(out[name], among):
            to = column.references.partition(".")[0]
            if name not in _above(out, to, among) and is_whole(name, column.name):
                sure = tuple(replace(one, nullable=False) if one is column else one for one in out[name].columns)
                out[name] = replace(out[name], columns=sure)
                break
    return out


def loose(declared: Mapping[str, Table], among: Sequence[str]) -> dict[str, str]:
    """Tables at the top that refer to another of `among` in some of their rows: name -> that column."""
    first = {name: next(_open(declared[name], among), None) for name in among}
    return {name: column.name for name, column in first.items() if column is not None}


def _open(table: Table, among: Sequence[str]) -> Iterator[Column]:
    """References of a table without a parent to other tables."""
    if not parent_of(table, among)[0]:
        yield from (c for c in table.columns if c.references.partition(".")[0] in {*among} - {table.name})


def _above(declared: Mapping[str, Table], name: str, among: Sequence[str]) -> list[str]:
    """The table, its parent, the parent's parent, and so on; once around where they are a circle."""
    out = list[str]()
    while name and name not in out:
        out.append(name)
        name = parent_of(declared[name], among)[0]
    return out
