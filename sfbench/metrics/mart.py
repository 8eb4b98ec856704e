"""A mart: a heavy intermediate table that several metrics read; the header of a `.sql` file of `marts/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sfbench.spec import Need


class Only(NamedTuple):
    """Of a new month, the rows of `table` whose `column` the new rows of another table name, `by`, under that name."""

    table: str
    column: str
    by: str


class Spare(NamedTuple):
    """What a mart can be built without: it makes no other column than `output` (empty: it only adds rows)."""

    output: str
    need: Need


@dataclass(frozen=True, slots=True, kw_only=True)
class Mart:
    """A heavy intermediate table: `sql` is the whole file, `grain` says what one row stands for."""

    id: str
    grain: str
    caption: str
    needs: tuple[Need, ...]
    sql: str
    where: str
    incremental: str = ""
    period: str = "month"
    sliced: str = ""
    only: Only | None = None
    optional: tuple[Spare, ...] = ()

    @property
    def query(self) -> str:
        """The SQL without the semicolon at its end, so that it can stand within another query."""
        return self.sql.rstrip().rstrip(";")
