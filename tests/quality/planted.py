"""A made city into whose tables faults are planted, and what the suites find of them."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

import sfbench
from sfbench.content import tables
from sfbench.quality.report import Report
from sfbench.quality.run import validate_declared
from sfbench.quality.suites import load_suites
from tests.quality.changed import changed

SPECS = {name: table.spec for name, table in tables().items() if table.spec.published}


class City:
    """Some tables of a generated city, as files and in DuckDB."""

    def __init__(self, folder: Path, names: Collection[str], connection: duckdb.DuckDBPyConnection) -> None:
        self.folder, self.names, self.connection = folder, names, connection

    def with_faults(self, statements: Sequence[str], folder: Path) -> Path:
        """A copy in `folder` as these statements leave it; tables that none of them changes are links."""
        touched = {statement.split()[1 if statement.startswith("UPDATE") else 2] for statement in statements}
        (folder / "data").mkdir(parents=True)
        for name in set(self.names) - touched:
            (folder / "data" / name).symlink_to(self.folder / "data" / name)
        with changed(self.connection, *statements):
            for name in touched:
                (folder / "data" / name).mkdir()
                self.connection.execute(f"COPY {name} TO '{folder}/data/{name}/part-00000.parquet' (FORMAT parquet)")
        return folder


@contextmanager
def made(folder: Path, names: Collection[str], scale: float, seed: int) -> Iterator[City]:
    """A generated city of these tables."""
    sfbench.generate(scale=scale, seed=seed, tables=sorted(names), out=folder)
    with duckdb.connect() as connection:
        for name in names:
            connection.execute(f"CREATE TABLE {name} AS FROM '{folder}/data/{name}/*.parquet'")
        yield City(folder, names, connection)


def written(names: Collection[str]) -> set[str]:
    """The expectations that the hand-written suites of these tables hold."""
    return {e.id for suite in load_suites(tables=SPECS) if suite.table in names for e in suite.expectations}


def judged(folder: Path, suites: Collection[str], **options: object) -> Report:
    """What these suites, or single expectations, find in a folder."""
    return validate_declared(folder, SPECS, suites=sorted(suites), **options)  # type: ignore[arg-type]


def not_passed(report: Report) -> list[tuple[object, ...]]:
    """What a clean city must not have."""
    return [(f.id, f.outcome, f.sample[:3], f.reason) for f in report.findings if f.outcome != "passed"]
