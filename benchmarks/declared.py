"""Which declared expectations catch a planted fault that no other of their table catches?

    python benchmarks/declared.py [bond fund.uscc.check ...]     # all: an hour of one core, or two; some: minutes
    python benchmarks/declared.py --page docs/reference/expectations-declared.md FILE ...     # of what it printed

A fault is put into one row after another until the expectation alone sees it; hand-written ones are asked, too. If they
see it, other cells of the row are changed so that they are content. If they still see it, no more are asked than such
as are critical, too, and do without tables that the data need not hold: `--severity critical` runs no others, and a
user's own table may stand alone, but for what it refers to. Where a whole table is looked at it gets a column more,
another type or fewer rows. Freshness and months that never came are tried in tests/quality/test_timeliness.py. Prints
each expectation, rows that it alone caught, and who else fired.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
from declared_plants import Plant, finer, plain
from suites import ROOT, Place, city, fires_anyway, place, suites_by_table

sys.path.insert(0, str(ROOT))

from sfbench.content import tables as declared
from sfbench.quality.expectation import Expectation, Suite
from sfbench.quality.views import narrowed
from sfbench.schema.suite_needs import suite_needs
from sfbench.spec import Table
from tests.quality.changed import changed
from tests.world.shared import SEED, TINY

UNHELD = (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException)


def main() -> None:
    """Prints a line for every expectation, or writes the page of such lines."""
    if sys.argv[1:2] == ["--page"]:
        lines = [line for path in sys.argv[3:] for line in Path(path).read_text(encoding="utf-8").splitlines()]
        Path(sys.argv[2]).write_text(_page(lines), encoding="utf-8")
        return
    specs = {name: table.spec for name, table in declared().items() if table.spec.published}
    wanted: dict[str, set[str]] = {}  # table -> its claims (none: all)
    for word in sys.argv[1:] or specs:
        name, _, claim = word.partition(".")
        wanted.setdefault(name, set()).update({word} if claim else ())
    with tempfile.TemporaryDirectory() as folder:
        world = city(Path(folder), TINY, SEED)
        for name, claims in wanted.items():
            for found in _judged(world, specs[name], specs, claims):
                print(found.id, found.alone, *found.others, flush=True)


def _judged(
    world: duckdb.DuckDBPyConnection, table: Table, specs: Mapping[str, Table], claims: Collection[str]
) -> Iterator[Place]:
    suites = suites_by_table(specs)[table.name]  # the base suite first
    loud = fires_anyway(world, table, suites)
    reads = _reads(suites)

    def best_of(claim: str, plants: Iterable[Plant], who: list[Suite], best: Place | None = None) -> Place | None:
        for plant in plants:
            asked = _that_read(who, claim, plant.changes, reads)
            found = _tried(world, claim, plant, table, asked, loud)
            if found and (best is None or found.alone > best.alone):
                best = found
            if best and best.alone:
                break
        return best

    def among(claim: str, who: list[Suite]) -> Place | None:
        best = best_of(claim, plain(world, table, claim), who)
        if best and not best.alone:
            texts = "\n".join(reads[name] for name in best.others)
            best = best_of(claim, finer(world, table, claim, texts), who, best)
        return best

    for expectation in suites[0].expectations:
        claim = expectation.id
        if claims and claim not in claims:
            continue
        best = among(claim, suites)
        if best and not best.alone:
            best = among(claim, _on_their_own(suites, claim, specs, world)) or best
        if best:
            yield best


def _tried(
    world: duckdb.DuckDBPyConnection, claim: str, plant: Plant, table: Table, suites: list[Suite], loud: set[str]
) -> Place | None:
    """None if a cell cannot hold it, or another expectation cannot be evaluated then, and says so: not alone."""
    try:
        with changed(world, *plant.statements):
            try:
                return place(world, claim, table, suites, loud)
            except duckdb.Error:
                return None
    except UNHELD:
        return None


def _page(lines: Iterable[str]) -> str:
    """The page of the expectations that run now, by their best line."""
    specs = {name: table.spec for name, table in declared().items() if table.spec.published}
    found: dict[str, int] = {}
    for line in lines:
        claim, alone, *_ = line.split()
        found[claim] = max(found.get(claim, 0), int(alone))
    suites = [suite for own in suites_by_table(specs).values() for suite in own]
    kinds: dict[str, list[int]] = {}
    rows = []
    for claim in (e.id for suite in suites for e in suite.expectations if e.id in found):
        kinds.setdefault(claim.split(".")[-1], []).append(found[claim])
        rows.append(f"| `{claim}` | {found[claim]:,} |")
    covered = [(suite.table, claim, e.id) for suite in suites for e in suite.expectations for claim in e.covers]
    dropped = [f"| `{table}.{claim}` | `{by}` |" for table, claim, by in sorted(covered)]
    by_kind = [f"| {kind} | {len(n)} | {sum(alone > 0 for alone in n)} |" for kind, n in sorted(kinds.items())]
    return f"""# Declared expectations and their place

Written by `python benchmarks/declared.py --page`. Of the expectations that follow from the declarations of the tables:
what each catches of a planted fault that no other of its table catches, hand-written ones included. Where others
found every fault, those were asked no more that are mild, or read tables that the data need not hold.

| kind | expectations | with a place |
|---|---:|---:|
{chr(10).join(by_kind)}

## Not run

A hand-written expectation finds every fault of these, so they are dropped (`covers` in `expectations/*.yaml`;
`tests/quality/test_covered.py` plants them).

| expectation | found by |
|---|---|
{chr(10).join(dropped)}

## Run

| expectation | rows caught alone |
|---|---:|
{chr(10).join(rows)}
"""


def _reads(suites: list[Suite]) -> dict[str, str]:
    """Of each expectation its query with the text of the views that it names, or its column."""
    views = {name: query for suite in suites for name, query in suite.views.items()}
    texts = {name: _text(query, views) for name, query in views.items()}
    return {e.id: _text(e.query or str(e.kwargs.get("column", "")), texts) for s in suites for e in s.expectations}


def _text(query: str, views: Mapping[str, str]) -> str:
    return "\n".join([query, *(text for name, text in views.items() if name in query)])


def _that_read(suites: list[Suite], claim: str, changes: Collection[str], reads: Mapping[str, str]) -> list[Suite]:
    """The suites with no more than the claim and what reads one of these columns, or a view of them; whole without."""
    if not changes:
        return suites
    word = re.compile(rf"\b({'|'.join(map(re.escape, changes))})\b")
    return [
        narrowed(suite, (e for e in suite.expectations if e.id == claim or word.search(reads[e.id])))
        for suite in suites
    ]


def _on_their_own(
    suites: list[Suite], claim: str, specs: Mapping[str, Table], parser: duckdb.DuckDBPyConnection
) -> list[Suite]:
    """The suites with no more than what is critical and can be judged where other tables are missing."""
    name, _, what = claim.partition(".")
    parents = {c.references.partition(".")[0] for c in specs[name].columns if what == f"{c.name}.reference"}

    def stays(suite: Suite, e: Expectation) -> bool:
        tables = {need.name for need in suite_needs(narrowed(suite, [e]), specs, parser)}
        return e.severity == "critical" and tables <= parents | {name, "month"}

    return [narrowed(suite, [e for e in suite.expectations if stays(suite, e)]) for suite in suites]


if __name__ == "__main__":
    main()
