"""The content that a verb works with: built-in and the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfbench.spec import Table


def published_tables(extra: tuple[Path, ...]) -> Mapping[str, Table]:
    """Declarations of the tables that a dataset holds, with those of the user's content folders."""
    import sfbench.content as content

    return {name: table.spec for name, table in content.tables(extra).items() if table.spec.published}


def folders(given: Iterable[Path] | None) -> tuple[Path, ...]:
    """The folders of `--content`."""
    return tuple(given or ())
