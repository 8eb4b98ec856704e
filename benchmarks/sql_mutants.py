"""Which small mistakes in the SQL of metrics and marts would the tests not notice?

    python benchmarks/sql_mutants.py [--sample N] [--seed S] [--metric NAME ...]     # all: a quarter of an hour

Every query gets one mistake after another (sql_mutations.py). Such a mutant is killed if it does not run, or not within
SECONDS; if a metric that reads it then has other figures, by the tolerances of the tests, on the acceptance set that it
is tested on or in a generated city; or if a claim of tests/metrics no longer holds. Planted changes, the larger city,
tables without rows and tests of single metrics are not asked: a survivor may be held by them, or mean the same as the
query that it was made of. Prints the shares by kind, and the survivors. NAME is a metric or a mart.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import inspect
import random
import sys
import tempfile
import threading
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pyarrow as pa
from sql_mutations import Mutant, mutants

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]  # tests/ first: `metrics` is not the file beside this one

from acceptance.loader import write_dataset  # noqa: E402
from acceptance.metrics.dataset import groups, write_group  # noqa: E402
from metrics import claims as asked  # noqa: E402
from metrics.test_metric_acceptance import same  # noqa: E402
from metrics.test_metric_groups import METRICS, WORLD, off  # noqa: E402

import sfbench  # noqa: E402
from sfbench.metrics import Catalogue, Mart, catalogue, evaluate  # noqa: E402
from sfbench.metrics.figures import figures, repeated  # noqa: E402
from sfbench.metrics.steps import step  # noqa: E402
from sfbench.spec import Metric  # noqa: E402

KEY = ("metric", "component", "period", "cut", "cut_value")
GROUPS = {metric: group for group, metric in METRICS}  # the others are tested on the frozen acceptance set
SECONDS = 10
Figures = Mapping[tuple[Any, ...], Mapping[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--sample", type=int, help="so many mutants, drawn from all (default: all)")
    parser.add_argument("--seed", type=int, default=7, help="of the sample")
    parser.add_argument("--metric", nargs="+", help="mutants of these metrics or marts (default: of all)")
    options = parser.parse_args()
    known = catalogue()
    queries: Mapping[str, Metric | Mart] = {**known.marts, **known.metrics}
    for name in options.metric or ():
        if name not in queries:
            parser.error(f"no metric or mart {name!r}")
    found = [(queries[name], mutant) for name in options.metric or queries for mutant in mutants(queries[name].sql)]
    if options.sample is not None:
        found = random.Random(options.seed).sample(found, min(options.sample, len(found)))
    warnings.filterwarnings("ignore", "Arrow output on a DB-API result")
    with tempfile.TemporaryDirectory() as folder:
        grounds = list(_grounds(Path(folder), known))
        claims = Claims(Path(folder), known, {query.id for query, _ in found})

        def survives(query: Metric | Mart, mutant: Mutant) -> bool:
            mutated = dataclasses.replace(query, sql=mutant.sql)
            return not any(ground.kills(mutated) for ground in grounds) and not claims.kill(mutated)

        _print(found, [one for one in found if survives(*one)])


def _print(found: list[tuple[Metric | Mart, Mutant]], survivors: list[tuple[Metric | Mart, Mutant]]) -> None:
    kinds, alive = Counter(mutant.kind for _, mutant in found), Counter(mutant.kind for _, mutant in survivors)
    print(f"{'kind':<16}{'mutants':>8}{'killed':>8}{'share':>7}")
    for kind, number in [*kinds.most_common(), ("all", len(found))]:
        killed = number - (len(survivors) if kind == "all" else alive[kind])
        print(f"{kind:<16}{number:>8}{killed:>8}{killed / max(number, 1):>7.0%}")
    print()
    for query, mutant in sorted(survivors, key=lambda one: (one[0].where, one[1].line)):
        before, after = (" ".join(text.split()) or "nothing" for text in (mutant.before, mutant.after))
        print(f"{Path(query.where).resolve().relative_to(ROOT)}:{mutant.line}  {before} -> {after}")


class Ground:
    """A dataset, and the figures that its metrics have there. `worked`: these were worked out by hand."""

    def __init__(self, folder: Path, known: Catalogue, metrics: Collection[str], *, worked: bool) -> None:
        self._known, self._worked = known, worked
        self._metrics = sorted(metrics, key=lambda name: len(known.marts_of(name)))
        self._connection = duckdb.connect(config={"threads": 1, "memory_limit": "4GB"})
        for table in (folder / "data").iterdir():
            self._connection.execute(f"CREATE TABLE {table.name} AS FROM '{table}/*.parquet'")
        self._built: set[str] = set()
        self._true_figures = cache(self._of_the_query_as_it_is)

    def kills(self, mutant: Metric | Mart) -> bool:
        """Does a metric have other figures here, or none, with the mutant?"""
        readers = [name for name in self._metrics if mutant.id in _read(self._known, name)]
        true = {name: self._true_figures(name) for name in readers}
        standing: list[str] = []
        try:
            if readers and isinstance(mutant, Mart) and not self._other_rows(mutant, standing):
                return False
            return any(self._differ(name, self._figures_with(mutant, name, standing), true[name]) for name in readers)
        except Exception:  # DuckDB's, the product's, or what a step makes of rows that it does not expect
            return True
        finally:
            for mart in standing:
                self._connection.execute(f"DROP TABLE IF EXISTS temp.{mart}")

    def _of_the_query_as_it_is(self, name: str) -> Figures:
        for mart in self._known.marts_of(name):
            if mart.id not in self._built:
                self._connection.execute(f"CREATE TABLE {mart.id} AS {mart.query}")
                self._built.add(mart.id)
        return self._figures(self._known.metrics[name])

    def _figures_with(self, mutant: Metric | Mart, name: str, standing: list[str]) -> Figures:
        if isinstance(mutant, Metric):
            return self._figures(mutant)
        for mart in self._known.marts_of(name):
            if mart.id not in standing and mutant.id in _read(self._known, mart.id):
                self._stand_in(mart, standing)
        return self._figures(self._known.metrics[name])

    def _other_rows(self, mutant: Mart, standing: list[str]) -> bool:
        self._stand_in(mutant, standing)
        here, there = f"FROM temp.{mutant.id}", f"FROM memory.{mutant.id}"
        differ = f"SELECT EXISTS ({here} EXCEPT ALL {there}) OR EXISTS ({there} EXCEPT ALL {here})"
        with self._limited():
            return bool(self._connection.execute(differ).fetchall()[0][0])

    def _stand_in(self, mart: Mart, standing: list[str]) -> None:
        """Queries that name the mart read this temporary table."""
        standing.append(mart.id)
        with self._limited():
            self._connection.execute(f"CREATE TEMP TABLE {mart.id} AS {mart.query}")

    def _figures(self, metric: Metric) -> Figures:
        """As an evaluation makes them."""
        with self._limited():
            rows: pa.Table = self._connection.execute(f"SELECT * FROM ({metric.query}\n)").to_arrow_table()
        if metric.step:
            if not rows.num_rows:
                return {}
            rows = step(metric.step)(rows)
        found = figures(metric, rows)
        if twice := repeated(found):
            raise ValueError(twice)
        return {tuple(row[name] for name in KEY): row for row in found.to_pylist()}

    def _differ(self, metric: str, found: Figures, true: Figures) -> bool:
        """As the tests compare: all that was worked out, values in a city; there the other route knows few cuts."""
        group = GROUPS.get(metric)
        if group:
            if off(group, _values(found), _values(true)):
                return True
            reasons = {key for key in found.keys() & true.keys() if key[3] == "total"}
        else:
            if not self._worked:
                found, true = ({k: row for k, row in one.items() if k[3] in ("total", "bank")} for one in (found, true))
            if found.keys() != true.keys() or not all(same(found[k]["value"], true[k]["value"]) for k in true):
                return True
            reasons = set(true)
        said = ("computable", "reason")
        return self._worked and any(found[key][name] != true[key][name] for key in reasons for name in said)

    @contextmanager
    def _limited(self) -> Iterator[None]:
        timer = threading.Timer(SECONDS, self._connection.interrupt)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class Claims:
    """The claims of tests/metrics on metrics that read one of these queries, as long as they hold without a mutant."""

    def __init__(self, folder: Path, known: Catalogue, names: Collection[str]) -> None:
        self._known = known
        self._moved = asked.Moved(lambda name: Path(tempfile.mkdtemp(prefix=name, dir=folder)))
        of_these = [claim for claim in _listed() if _read(known, claim.metric) & set(names)]
        self._claims = [claim for claim in of_these if self._holds(claim, known)]
        for claim in of_these:
            if claim not in self._claims:
                print(f"does not hold, and is not asked: {claim.metric}, {claim.says}", file=sys.stderr)

    def kill(self, mutant: Metric | Mart) -> bool:
        field = "marts" if isinstance(mutant, Mart) else "metrics"
        others = {field: {**getattr(self._known, field), mutant.id: mutant}}
        mutated = dataclasses.replace(self._known, **others)
        of_it = [claim for claim in self._claims if mutant.id in _read(self._known, claim.metric)]
        return not all(self._holds(claim, mutated) for claim in of_it)

    def _holds(self, claim: asked.Claim, known: Catalogue) -> bool:
        with mock.patch.object(asked, "evaluate", partial(evaluate, known=known)):
            try:
                self._moved.check(claim)
            except (AssertionError, sfbench.SfbenchError):
                return False
        return True


def _grounds(folder: Path, known: Catalogue) -> Iterator[Ground]:
    """The frozen acceptance set, that of each group, and a city."""
    frozen = known.metrics.keys() - GROUPS.keys()
    yield Ground(write_dataset(folder / "frozen"), known, frozen, worked=True)
    for group in groups():
        of_it = [metric for metric, its in GROUPS.items() if its == group]
        yield Ground(write_group(folder / f"group-{group}", group), known, of_it, worked=True)
    sfbench.generate("baseline", scale=WORLD, seed=11, out=folder / "city")
    yield Ground(folder / "city", known, known.metrics, worked=False)


def _listed() -> Iterator[asked.Claim]:
    """What the `claims(...)` marks of tests/metrics list."""
    for path in sorted((ROOT / "tests" / "metrics").glob("test_*.py")):
        for _, test in inspect.getmembers(importlib.import_module(f"metrics.{path.stem}"), inspect.isfunction):
            for mark in getattr(test, "pytestmark", ()):
                if mark.name == "parametrize":
                    yield from (value for value in mark.args[1] if isinstance(value, asked.Claim))


def _read(known: Catalogue, name: str) -> set[str]:
    """A metric or mart and the marts under it."""
    return {name, *(mart.id for mart in known.marts_of(name))}


def _values(rows: Figures) -> dict[tuple[Any, ...], Any]:
    return {key: row["value"] for key, row in rows.items() if row["period"] is not None}


if __name__ == "__main__":
    main()
