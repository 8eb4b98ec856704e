"""Does each hand-written expectation earn its place? It must catch a planted row that no other of its table catches.

    python benchmarks/suites.py docs/reference/expectations.md     # minutes

Every plant of tests/quality is put into its world (the frozen acceptance set, or a small city), and all expectations of
the table run on it, the declared ones too. Rows are the same if they agree in the columns of the table's key that both
queries show; an expectation that shows none of them takes all rows for its own.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import sfbench  # noqa: E402
from sfbench.content import tables as declared  # noqa: E402
from sfbench.quality.expectation import Suite  # noqa: E402
from sfbench.quality.run import all_suites  # noqa: E402
from sfbench.quality.score.failing import failing_query  # noqa: E402
from sfbench.quality.suites import load_suites  # noqa: E402
from sfbench.quality.views import computed  # noqa: E402
from sfbench.spec import Table  # noqa: E402
from sfbench.store.shape import DUCKDB_TYPES  # noqa: E402
from tests.quality.changed import changed  # noqa: E402
from tests.world.shared import SEED, TWO_BLOCKS  # noqa: E402

PLANTS = ROOT / "tests" / "quality"
# file of plants -> (scale, seed) of its city
CITIES = {"capital_market": (0.04, 7), "enterprise": (0.02, 7), "equity": (0.04, 7), "policy": (0.04, 7)}
CITIES |= {"insurance_border": (0.04, 7), "loan_support": (0.02, SEED), "monitoring": (TWO_BLOCKS, SEED)}


@dataclass(frozen=True)
class Place:
    """What an expectation caught of its own plant, and of that what nothing else of its table caught."""

    id: str
    severity: str
    caught: int
    alone: int
    others: tuple[str, ...]


def main() -> None:
    """Prints who has no place, and writes the page."""
    specs = {name: table.spec for name, table in declared().items() if table.spec.published}
    places = [place for world, plants in _worlds(specs) for place in _judged(world, plants, specs)]
    places.sort(key=lambda place: place.id)
    written = {e.id for suite in load_suites(tables=specs) for e in suite.expectations}
    unplanted = written - {place.id for place in places}
    for place in places:
        if not place.alone:
            print(place.id, place.caught, *place.others)
    print(f"{len(places)} expectations, {sum(p.alone > 0 for p in places)} with a place; no plant: {sorted(unplanted)}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(_page(places), encoding="utf-8")


def _worlds(specs: Mapping[str, Table]) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, list[str]]]]:
    """A connection with the tables of a world, and its plants: id -> statements."""
    with tempfile.TemporaryDirectory() as folder:
        yield _acceptance(specs, Path(folder)), yaml.safe_load((PLANTS / "plants.yaml").read_text(encoding="utf-8"))
        for name, (scale, seed) in CITIES.items():
            text = (PLANTS / f"plants_{name}.yaml").read_text(encoding="utf-8")
            yield city(Path(folder), scale, seed), yaml.safe_load(text)


def _acceptance(specs: Mapping[str, Table], folder: Path) -> duckdb.DuckDBPyConnection:
    shared = importlib.import_module("tests.quality.conftest")
    names = (*shared.FROZEN, *shared.BESIDE)
    worked = shared.read_worked()
    clean = yaml.safe_load((shared.HERE / "violations.yaml").read_text(encoding="utf-8"))["clean"]
    rows = shared.read_tables(clean) | {name: worked[name] for name in ("enterprise", *shared.BESIDE)}
    world = _loaded(shared.write_dataset(folder / "set", rows, {name: specs[name] for name in names}))
    for name in specs.keys() - set(names):  # without rows: what looks there has no say
        columns = ", ".join(f"{column.name} {DUCKDB_TYPES[column.kind]}" for column in specs[name].columns)
        world.execute(f"CREATE TABLE {name} ({columns})")
    return world


def city(folder: Path, scale: float, seed: int) -> duckdb.DuckDBPyConnection:
    """A connection with the tables of a generated city."""
    out = folder / f"{scale}-{seed}"
    if not out.exists():
        sfbench.generate(scale=scale, seed=seed, out=out)
    return _loaded(out)


def _loaded(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})  # thousands of small queries
    for path in sorted((folder / "data").iterdir()):
        connection.execute(f"CREATE TABLE {path.name} AS FROM '{path}/*.parquet'")
    return connection


def _judged(
    world: duckdb.DuckDBPyConnection, plants: Mapping[str, list[str]], specs: Mapping[str, Table]
) -> Iterator[Place]:
    suites = suites_by_table(specs)
    owner = {e.id: suite.table for own in suites.values() for suite in own for e in suite.expectations}
    loud = {name: fires_anyway(world, specs[name], suites[name]) for name in {owner[claim] for claim in plants}}
    for claim, statements in plants.items():
        name = owner[claim]
        yield planted(world, claim, statements, specs[name], suites[name], loud[name])


def suites_by_table(specs: Mapping[str, Table]) -> dict[str, list[Suite]]:
    """The declared and the hand-written suites of each table."""
    suites: dict[str, list[Suite]] = {name: [] for name in specs}
    for suite in all_suites(specs):
        suites[suite.table].append(suite)
    return suites


def fires_anyway(world: duckdb.DuckDBPyConnection, table: Table, suites: list[Suite]) -> set[str]:
    """What fires on the clean world, for want of tables that it looks at."""
    with computed(world, suites):
        queries = {e.id: failing_query(e, table) for suite in suites for e in suite.expectations}
        return {claim for claim, query in queries.items() if query and _count(world, f"({query} LIMIT 1)")}


def planted(
    world: duckdb.DuckDBPyConnection,
    claim: str,
    statements: Sequence[str],
    table: Table,
    suites: list[Suite],
    loud: set[str],
) -> Place:
    """What the expectation catches of the fault that these statements plant; the world stays as it was."""
    with changed(world, *statements):
        return place(world, claim, table, suites, loud)


def place(world: duckdb.DuckDBPyConnection, claim: str, table: Table, suites: list[Suite], loud: set[str]) -> Place:
    """What the expectation catches of the world as it is, and what of that nothing but it does."""
    others = []
    with computed(world, suites):
        queries = {e.id: (e, failing_query(e, table)) for suite in suites for e in suite.expectations}
        expectation, query = queries.pop(claim)
        world.execute(f"CREATE TEMP TABLE own AS SELECT DISTINCT * FROM ({query or 'SELECT 1 AS whole'})")
        shown = _columns(world, "FROM own")
        caught = _count(world, "own")
        for other, (_, text) in queries.items():
            if text is None or other in loud or not _count(world, f"({text} LIMIT 1)"):
                continue
            others.append(other)
            common = [name for name in table.key if name in shown & _columns(world, text)]
            same = (
                f"SELECT own.* FROM own SEMI JOIN ({text}) AS other USING ({', '.join(common)})"
                if common
                else "FROM own"
            )
            world.execute(f"CREATE TEMP TABLE rest AS FROM own EXCEPT ({same})")
            world.execute("DROP TABLE own")
            world.execute("ALTER TABLE rest RENAME TO own")
        return Place(claim, expectation.severity, caught, _count(world, "own"), tuple(others))


def _columns(world: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    return {str(row[0]) for row in world.execute(f"DESCRIBE {query}").fetchall()}


def _count(world: duckdb.DuckDBPyConnection, source: str) -> int:
    return int(world.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0])


def _page(places: list[Place]) -> str:
    lines = [f"| `{p.id}` | {p.severity} | {p.caught:,} | {p.alone:,} | {len(p.others)} |" for p in places]
    return f"""# Expectations and their place

Written by `python benchmarks/suites.py docs/reference/expectations.md`. For each of {len(places)} hand-written
expectations a fault is planted (`tests/quality`): the rows of it that the expectation catches, those of them that no
other expectation of its table catches, declared ones included, and how many others fire at all.

{sum(p.alone > 0 for p in places)} catch something alone; {sum(not p.alone for p in places)} do not, and have not earned
their place: each wants a finer plant, or is to be dropped.

| expectation | severity | rows caught | alone | others that fire |
|---|---|---:|---:|---:|
{chr(10).join(lines)}
"""


if __name__ == "__main__":
    main()
