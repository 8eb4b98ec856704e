"""Runs the exported suites by Great Expectations alone: python run.py DATABASE [SUITE ...]

DATABASE is a DuckDB file, or a folder with data/<table>/*.parquet. Suites, validation definitions, checkpoints and
results are kept in gx/ beside this file, as GX keeps them. Exits with 1 if anything is violated, 2 if nothing is but
something could not be evaluated.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import

import duckdb
import duckdb_datasource  # type: ignore[import-not-found] # noqa: F401 (before GX reads gx/great_expectations.yml)
import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

HERE = Path(__file__).resolve().parent


def main(database: Path, names: list[str]) -> int:
    """Runs the checkpoints of the named suites (default: all); returns the exit code."""
    context: Any = gx.get_context(mode="file", project_root_dir=HERE)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_or_update_duckdb("duckdb", connection_string=f"duckdb:///{database}")
    worst = 0
    for name in names or sorted(path.stem for path in (HERE / "gx" / "expectations").glob("*.json")):
        for found in checkpoint(context, source, context.suites.get(name)).run().run_results.values():
            worst = max(worst, *(told(result) for result in found.results))
    return {0: 0, 1: 2, 2: 1}[worst]


def checkpoint(context: Any, source: Any, suite: Any) -> Any:
    """The checkpoint of a suite; its results carry the keys of failing rows."""
    table = suite.meta["table"]
    if table not in {asset.name for asset in source.assets}:
        source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("all")
    batch = source.get_asset(table).get_batch_definition("all")
    definition = gx.ValidationDefinition(name=suite.name, data=batch, suite=suite)
    definition = context.validation_definitions.add_or_update(definition)
    keys = {"result_format": "COMPLETE", "unexpected_index_column_names": suite.meta["key"]}
    made = gx.Checkpoint(name=suite.name, validation_definitions=[definition], result_format=keys)
    return context.checkpoints.add_or_update(made)


def told(result: Any) -> int:
    """Prints a trouble: 2 for a violation, 1 for a check that GX could not make (it says `success: false` too)."""
    if result.success:
        return 0
    claim, info = result.expectation_config, result.exception_info or {}
    blocks = [info] if "raised_exception" in info else info.values()
    crashes = [block["exception_message"] for block in blocks if block.get("raised_exception")]
    print("not evaluated" if crashes else "violated", claim.meta["id"], claim.severity, claim.notes, sep="\t")
    return 1 if crashes else 2


def database_of(path: Path, folder: str) -> Path:
    """A DuckDB file with a view per table of a folder of Parquet files."""
    file = Path(folder) / "views.duckdb"
    with duckdb.connect(str(file)) as connection:
        for table in sorted(entry for entry in (path / "data").iterdir() if entry.is_dir()):
            connection.execute(f"CREATE VIEW \"{table.name}\" AS FROM read_parquet('{table.resolve()}/*.parquet')")
    return file


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    given = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        code = main(database_of(given, scratch) if given.is_dir() else given, sys.argv[2:])
    sys.exit(code)
