"""Built-in expectations run on pandas as on DuckDB, to equal verdicts; row queries are marked as SQL only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import sfbench
from sfbench.quality import engine
from sfbench.quality.catalogue import connected
from sfbench.quality.expectation import ROWS
from sfbench.quality.run import all_suites
from sfbench.spec import Table
from tests.quality.changed import changed
from tests.quality.conftest import FROZEN, write
from tests.world.shared import SEED, TINY

# A fault for each kind of built-in expectation; the same rows go to both engines.
PLANTS = [
    "UPDATE product SET min_amount = -1 WHERE product_id = 3",
    "UPDATE product SET code = 'working_capital' WHERE product_id = 3",
    "UPDATE product SET guarantee_kinds = 'B01,B99' WHERE product_id = 4",
    "UPDATE product SET repayment = 'bulet' WHERE product_id = 6",
    "UPDATE product SET launched_on = NULL WHERE product_id = 6",
    "DELETE FROM district WHERE district_id = 11",
    "UPDATE enterprise_tag SET batch = 2011 WHERE enterprise_id = 2",
    "UPDATE enterprise_tag SET valid_from = DATE '2011-12-31' WHERE enterprise_id = 2",
    "ALTER TABLE enterprise_tag RENAME COLUMN batch TO year",
]


@pytest.mark.parametrize("rows", ["few", "many"])
@pytest.mark.parametrize("plants", [[], PLANTS], ids=["clean", "faulty"])
def test_verdicts_are_equal_on_pandas(
    plants: list[str],
    rows: str,
    database: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if rows == "many":  # then faulty values are counted by WHERE
        monkeypatch.setattr("sfbench.quality.plain.duckdb_datasource._LARGE", 0)
    suites = all_suites(tables)
    ours: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    with changed(database, *plants):
        write(database, tmp_path, FROZEN)
    with connected(tmp_path, tables) as connection, engine.sharing(connection):
        for name in FROZEN:
            built_in = [e for s in suites if s.table == name for e in s.expectations if e.type != ROWS]
            frame = connection.execute(f'SELECT * FROM "{name}"').fetchdf()
            ours |= engine.validate_table(connection, name, tables[name].key, built_in)
            theirs |= on_pandas(frame, name, built_in)
    assert {i: r.success for i, r in ours.items()} == theirs
    assert {r.success for r in ours.values()} >= ({True, False} if plants else {True})


@pytest.mark.slow
def test_verdicts_of_all_tables_are_equal_on_pandas(tables: Mapping[str, Table], tmp_path: Path) -> None:
    """Every built-in expectation, on a city with planted faults."""
    sfbench.generate("dirty_feeds_kept", scale=TINY, seed=SEED, out=tmp_path / "city")
    suites = all_suites(tables)
    ours: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    with connected(tmp_path / "city", tables) as connection, engine.sharing(connection):
        for name, table in tables.items():
            built_in = [e for s in suites if s.table == name for e in s.expectations if e.type != ROWS]
            frame = connection.execute(f'SELECT * FROM "{name}"').fetchdf()
            ours |= engine.validate_table(connection, name, table.key, built_in)
            theirs |= on_pandas(frame, name, built_in)
    assert {i: r.success for i, r in ours.items()} == theirs
    assert set(theirs.values()) == {True, False}


def on_pandas(frame: pd.DataFrame, name: str, expectations: list[Any]) -> dict[str, bool | None]:
    """Verdict by id, None where GX could not evaluate, by GX's own pandas datasource."""
    import great_expectations as gx

    source = gx.get_context(mode="ephemeral").data_sources.add_pandas("frames")
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")
    answer = batch.get_batch({"dataframe": frame}).validate(engine.as_suite(name, expectations))
    found: dict[str, bool | None] = {}
    for result in answer.results:
        crashed = bool(engine.crash(result.exception_info))
        found[result.expectation_config.meta["id"]] = None if crashed else bool(result.success)
    return found
