"""Runs the exported suites by Great Expectations alone: python run.py DATABASE [SUITE ...]

DATABASE is a DuckDB file, which is only read, or a folder with data/<table>/*.parquet. Suites, validation definitions,
checkpoints and results are kept in gx/ beside this file, as GX keeps them. Exits with 1 if anything is violated, 2 if
nothing is but something could not be evaluated, such as a claim about the rows of a table that is missing or has none.
"""

import atexit
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import

import duckdb
import duckdb_datasource  # type: ignore[import-not-found] # noqa: F401 (before GX reads gx/great_expectations.yml)
import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

HERE = Path(__file__).resolve().parent
OF_NO_ROWS = (".columns", ".types")  # claims about a table that hold of it without rows, too


def main(database: Path, names: Sequence[str]) -> int:
    """Runs the checkpoints of the named suites; returns the exit code."""
    context: Any = gx.get_context(mode="file", project_root_dir=HERE)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    suites = [context.suites.get(name) for name in names]
    rows = counted(database, [suite.meta["table"] for suite in suites])
    address = f"duckdb:///{database}?access_mode=read_only"
    source = context.data_sources.add_or_update_duckdb("duckdb", connection_string=address)
    worst = 0
    for suite in suites:
        number = rows[suite.meta["table"]]
        if number is None:  # GX would stop here with an error, and the suites that follow would not run
            told = [tell("not evaluated", claim) for claim in suite.expectations]
        else:
            found = checkpoint(context, source, suite).run().run_results.values()
            void = number == 0 and not suite.meta.get("may_be_empty")
            told = [judged(result, void) for one in found for result in one.results]
        worst = max(worst, *told)
    return {0: 0, 1: 2, 2: 1}[worst]


def counted(database: Path, tables: Sequence[str]) -> dict[str, int | None]:
    """table -> its number of rows, None where it cannot be read."""
    found: dict[str, int | None] = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in tables:
            try:
                found[table] = connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0]
            except duckdb.Error as error:
                print(f"{table} cannot be read: {str(error).splitlines()[0]}", file=sys.stderr)
                found[table] = None
    return found


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


def judged(result: Any, void: bool) -> int:
    """Tells a trouble: 2 for a violation, 1 for a check that could not be made.

    GX says `success: false` of a check that crashed, and `success: true` of what every row fulfils if there is no row.
    void: there is none, and some are due.
    """
    claim, info = result.expectation_config, result.exception_info or {}
    if result.success:
        return tell("not evaluated", claim) if void and not claim.meta["id"].endswith(OF_NO_ROWS) else 0
    blocks = [info] if "raised_exception" in info else info.values()
    crashed = any(block.get("raised_exception") for block in blocks)
    return tell("not evaluated" if crashed else "violated", claim)


def tell(outcome: str, claim: Any) -> int:
    """Prints a trouble; how bad it is."""
    print(outcome, claim.meta["id"], claim.severity, claim.notes, sep="\t")
    return 2 if outcome == "violated" else 1


def database_of(path: Path, folder: str) -> Path:
    """A DuckDB file with a view per table of a folder of Parquet files."""
    file = Path(folder) / "views.duckdb"
    with duckdb.connect(str(file)) as connection:
        for table in sorted(entry for entry in (path / "data").iterdir() if entry.is_dir()):
            connection.execute(f"CREATE VIEW \"{table.name}\" AS FROM read_parquet('{table.resolve()}/*.parquet')")
    return file


def asked(words: Sequence[str]) -> tuple[Path, list[str]]:
    """The database and the suites of a command line; ends the process with 2 for what is not there."""
    known = sorted(path.stem for path in (HERE / "gx" / "expectations").glob("*.json"))
    given, names = Path(words[0] if words else "").resolve(), list(words[1:])
    trouble = "" if words else str(__doc__)
    if words and not (given.is_file() or (given / "data").is_dir()):  # DuckDB would make the file
        trouble = f"no DuckDB file and no folder with data/<table>/*.parquet: {given}"
    elif unknown := [name for name in names if name not in known]:
        trouble = f"no suite {', '.join(unknown)}; there are {', '.join(known)}"
    if trouble:
        print(trouble, file=sys.stderr)
        sys.exit(2)
    return given, names or known


if __name__ == "__main__":
    given, names = asked(sys.argv[1:])
    with tempfile.TemporaryDirectory() as scratch:
        code = main(database_of(given, scratch) if given.is_dir() else given, names)
    # GX keeps DuckDB objects to the very end, of which DuckDB then complains by the page. So: all that is due, and out.
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
