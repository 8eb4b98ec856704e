"""Great Expectations' own Data Docs, on wish only: their pages load scripts, styles and a logo from remote hosts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.quality import engine
from sfbench.quality.catalogue import connected, found_tables
from sfbench.quality.expectation import Suite
from sfbench.quality.export import inlined
from sfbench.spec import Table


def build(
    dataset: Path,
    tables: Mapping[str, Table],
    suites: Mapping[str, Sequence[Suite]],
    out: Path,
    as_of: dt.date | None = None,
) -> Path:
    """Runs a checkpoint per table and builds the site in `out`; its index page. Missing tables have no page.

    Raises SfbenchError if `out` is not empty.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise SfbenchError("the folder is not empty", where=str(out), fix="choose another folder")
    with connected(dataset, tables, as_of) as connection, engine.sharing(connection):
        there = found_tables(connection)
        runs = {t: (tables[t].key, [e for s in own for e in inlined(s)]) for t, own in suites.items() if t in there}
        engine.build_docs(connection, runs, out)
    return out / "index.html"
