"""A table: its columns, its key, its place in the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sfbench.spec.column import Column

Stage = Literal["prelude", "block", "settle"]
Truth = Literal["", "links"]


# Compared by identity: caches ask for a table's hash at each batch, and a hash of all its columns is slow.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """One table of the city. The file name is its name (`name` is filled in by the content loader).

    stage: `prelude` tables are whole and made first; `block` tables are made firm block by firm block;
    `settle` tables need all blocks and declare `partial`, `merge`, `finish` in place of `rows`.
    """

    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    stage: Stage = "block"
    needs: tuple[str, ...] = ()  # tables whose columns `rows` receives
    grows: str = "fixed"  # what its number of rows follows: fixed, scale, or a table
    fixed_rows: int = 0  # rows of a table that does not grow; the plan's estimate
    per_firm: float = 0.0  # rows per firm of the pool in the baseline, measured; the plan's estimate
    row_bytes: float = 16.0  # stored bytes per row in the baseline, measured; the plan's estimate
    floor: int = 1  # fewest rows at any scale
    measures: tuple[
        int, ...
    ] = ()  # measures of the action plan that it gives evidence for (0 = headline, 20 = context)
    event_on: str = ""  # date column: when the fact happened
    known_on: str = ""  # date column: when the fact was reported; `--as-of` keeps rows known by then
    rows_by: str = ""  # day (ISO) by which every city has rows, measured; as known before it none is no fault
    gone_on: str = ""  # nullable date column: from then on the row no longer stands in the register it comes from
    published: bool = True
    truth: Truth = ""  # of a table that is not published: the file of `truth/` that its rows go to
    name: str = ""
    where: str = ""  # file of the declaration, for errors

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
