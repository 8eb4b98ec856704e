"""A made world as tables of one DuckDB connection, whose views a test may break."""

from contextlib import contextmanager

import duckdb
import pytest

import sfbench
from sfbench.realism.report import checks, judge
from tests.world.shared import SEED

SCALE = 0.05  # rare things, such as the defaults of large firms, need a city of this size


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The world on disk, with the tables that some check needs."""
    out = tmp_path_factory.mktemp("realism") / "world"
    known = {name for name, content in sfbench.content.tables().items() if content.spec.published}
    needed = {table for check in checks().values() for table in check.needs}
    sfbench.generate(scale=SCALE, seed=SEED, tables=sorted(needed & known), out=out)
    return out


@pytest.fixture(scope="session")
def made(folder):
    """A connection with the tables in the schema `made` and plain views of them."""
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA made")
    for path in sorted((folder / "data").iterdir()):
        connection.execute(f"CREATE TABLE made.{path.name} AS FROM '{path}/*.parquet'")
        connection.execute(f"CREATE VIEW {path.name} AS FROM made.{path.name}")
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def broken(made):
    """`with broken(table, cells) as con`: the world with cells of a table replaced (SQL, as in SELECT * REPLACE)."""

    @contextmanager
    def run(table, cells):
        made.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * REPLACE ({cells}) FROM made.{table}")
        try:
            yield made
        finally:
            made.execute(f"CREATE OR REPLACE VIEW {table} AS FROM made.{table}")

    return run


@pytest.fixture
def emptied(made):
    """`emptied(tables)`: the world with these tables empty, until the test ends."""

    def run(tables):
        for table in tables:
            made.execute(f"CREATE OR REPLACE VIEW {table} AS FROM made.{table} WHERE false")
        changed.extend(tables)
        return made

    changed: list[str] = []
    yield run
    for table in changed:
        made.execute(f"CREATE OR REPLACE VIEW {table} AS FROM made.{table}")


@pytest.fixture(scope="session")
def verdicts():
    """`verdicts(con, check)`: verdict by figure of one check."""

    def run(connection, name):
        return {one.threshold.key: one.verdict for one in judge(connection, [checks()[name]]).figures}

    return run
