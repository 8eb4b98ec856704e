"""The public functions behind `import sfbench`. Where they take a list of names or folders, one may stand for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sfbench.content as content
from sfbench.engines import generate as carry_out
from sfbench.engines.in_memory import tables_of
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.store import manifest
from sfbench.store.arrow import batch, in_memory
from sfbench.world.plan import plan

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from sfbench.assess.apply import Result
    from sfbench.intake import Imported
    from sfbench.quality import Report
    from sfbench.schema import SchemaReport
    from sfbench.spec import Table
    from sfbench.store.export import Exported
    from sfbench.store.verify import Finding

Day = datetime.date | str | None
SAMPLES = ("tiny", "small")


class Dataset(Mapping[str, "pa.Table"]):
    """Tables by name, each a `pyarrow.Table`; `manifest` is None for a dataset that lives in memory only."""

    def __init__(self, tables: Mapping[str, Any], folder: Path | None = None) -> None:
        self._tables = dict(tables)
        self.folder = folder
        self.manifest = manifest.read(folder) if folder else None

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._tables:
            raise KeyError(f"no table {name!r}; {did_you_mean(name, self._tables)}")
        found = self._tables[name]
        if found is None and self.folder is not None:  # written to a folder: read when asked for
            from sfbench.store.read import read_table

            found = self._tables[name] = read_table(self.folder, name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def generate(
    scenario: str | Path = "baseline",
    *,
    scale: float | str = "tiny",
    seed: int | str = 0,
    tables: Sequence[str] | None = None,
    out: str | Path | None = None,
    jobs: int = 1,
    as_of: Day = None,
    since: Day = None,
    until: Day = None,
    force: bool = False,
    twin: bool = False,
    content_dirs: Sequence[str | Path] = (),
) -> Dataset:
    """Generate a scenario (a name, or a path to a `.yaml` file).

    Without `out` the tables are made in memory and returned as Arrow; with `out` they are written there as Parquet
    with a manifest and read when asked for. `scale` is a number or tiny, small, medium, city. `as_of` keeps what was
    known on that day; `since` and `until` cut by the day of the event. `twin` puts the same world without the
    scenario's levers into `out/truth/twin`, and the effects into `out/truth`. The seed `private` is drawn: the manifest
    commits to it, `out/truth/manifest.json` opens it. Raises SfbenchError for any bad wish.
    """
    wish = plan(
        str(scenario),
        scale=scale,
        seed=seed,
        tables=None if tables is None else tuple(_several(tables)),
        as_of=_day(as_of),
        since=_day(since),
        until=_day(until),
        extra=_folders(content_dirs),
    )
    if twin and out is None:
        raise SfbenchError("a twin lies in a folder", where="twin", why="there is no `out`", fix="give `out`")
    if out is not None:
        made = carry_out(wish, Path(out), jobs=jobs, force=force, twin=twin)
        return Dataset(dict.fromkeys(made.tables), Path(out))
    batches: dict[str, list[Any]] = {name: [] for name in wish.tables}
    for table, columns in tables_of(wish):
        batches[table.name].append(batch(table, columns))
    known = content.tables(wish.content)
    return Dataset({name: in_memory(known[name].spec, parts) for name, parts in batches.items()})


def load_sample(name: str = "tiny") -> Dataset:
    """A ready dataset of the baseline to play with, by its scale: tiny or small. Nothing is fetched from anywhere.

    Made at the first call (seconds) and kept in the cache folder. Raises SfbenchError for an unknown name.
    """
    from sfbench.cache import Order, obtain

    if name not in SAMPLES:
        raise SfbenchError(f"no sample {name!r}", fix=did_you_mean(name, SAMPLES))
    folder = obtain(Order(scale=name))
    return Dataset(dict.fromkeys(manifest.read(folder).tables), folder)


def open(path: str | Path, *, as_of: Day = None, tables: Sequence[str] | None = None) -> duckdb.DuckDBPyConnection:  # noqa: A001
    """An in-memory DuckDB connection with one view per table of a dataset; `as_of` shows what was known on that day."""
    from sfbench.store.read import open_dataset  # DuckDB: not for those who only generate

    return open_dataset(path, as_of=_date(as_of), tables=_several(tables))


def evaluate(
    path: str | Path,
    *,
    metrics: Sequence[str] | None = None,
    measures: Sequence[int] | None = None,
    cuts: Sequence[str] | None = None,
    as_of: Day = None,
    content_dirs: Sequence[str | Path] = (),
    cache: str | Path | None = None,
) -> pa.Table:
    """The metrics of a dataset, or of a user's own tables, as one long table.

    Its columns are those of `sfbench.metrics.evaluate`. A metric whose tables or columns are missing or wrong has one
    row with the reason, and the rest goes on. `metrics`, `measures` and `cuts` choose (None: all). `cache` is a folder
    that keeps figures and marts: the next call computes what has changed since. Raises SfbenchError for an unknown
    name, a damaged dataset and a user's own metric file that fails.
    """
    from sfbench.metrics import evaluate_folder

    return evaluate_folder(
        Path(path),
        as_of=_date(as_of),
        metrics=_several(metrics),
        measures=_several(measures),
        cuts=_several(cuts),
        content=_folders(content_dirs),
        cache=Path(cache) if cache else None,
    ).table


def sql(path: str | Path, query: str, *, as_of: Day = None) -> pa.Table:
    """The rows of a DuckDB query over a dataset: a view per table, read only.

    The query can read the dataset's files and no other, and writes none; tables that it creates end with the call.
    Raises SfbenchError for a query that fails or is not allowed.
    """
    from sfbench.query import open_sealed

    with open_sealed(path, _date(as_of)) as dataset:
        return dataset.table(query)


def factor_tables(path: str | Path, out: str | Path, *, as_of: Day = None, force: bool = False) -> pa.Table:
    """Query parameters of known selectivity: one row per query and value with the exact number of rows it selects.

    Writes them into the folder `out` with the queries. Columns: query, parameter, type, level, value, rows_selected,
    share. Raises SfbenchError for an `out` that holds something else.
    """
    from sfbench.factors import write_factors

    return write_factors(Path(path), Path(out), as_of=_date(as_of), force=force).table


def check_schema(path: str | Path, *, content_dirs: Sequence[str | Path] = ()) -> SchemaReport:
    """A user's own tables against the declared schema: what is missing or wrong, and what can be computed."""
    from sfbench.schema import check_schema as run

    return run(Path(path), content=_folders(content_dirs))


def assessment(
    path: str | Path,
    method: str,
    *,
    period: str | None = None,
    own_figures: str | Path | None = None,
    replicates: int = 0,
    seed: int = 0,
    as_of: Day = None,
    content_dirs: Sequence[str | Path] = (),
) -> Result:
    """The banks of a dataset scored and ranked by a method: a name of `sfbench list methods`, or a `.yaml` file.

    `own_figures` is a CSV with institution_id, period, figure, value of what no table holds; with `replicates` there
    are rank intervals and sensitivities. (The package of methods has the name `sfbench.assess`.)
    """
    from sfbench.assess.apply import apply
    from sfbench.assess.data import read_folder
    from sfbench.assess.find import find_method

    extra = _folders(content_dirs)
    found = find_method(method, extra)
    own = None if own_figures is None else Path(own_figures)
    data = read_folder(found, Path(path), period=period, own=own, as_of=_date(as_of), content=extra)
    return apply(found, data, replicates=replicates, seed=seed)


def export(
    path: str | Path,
    form: str,
    out: str | Path,
    *,
    tables: Sequence[str] | None = None,
    as_of: Day = None,
    encoding: str = "",
    force: bool = False,
    content_dirs: Sequence[str | Path] = (),
) -> Exported:
    """Write a dataset, or own tables, in another format (csv, dat, xlsx, sqlite ...). See `docs/how-to/export.md`.

    `out` is a folder, a file or a server's address, as the format has it. Raises SfbenchError; `out` is then as it was.
    """
    from sfbench.store.export import export as run

    known, names = _declared(content_dirs), _several(tables)
    return run(Path(path), form, out, tables=names, as_of=_date(as_of), encoding=encoding, force=force, declared=known)


def import_files(
    files: Sequence[str | Path],
    out: str | Path,
    *,
    table: str = "",
    encoding: str = "",
    keep_sound: bool = False,
    force: bool = False,
    content_dirs: Sequence[str | Path] = (),
) -> Imported:
    """Take CSV, Excel or .dat files into the declared schema, as Parquet in `out`; `.problems` lists what does not fit.

    If there are problems nothing is written, or with `keep_sound` the other rows. Raises SfbenchError for a file that
    cannot be read.
    """
    from sfbench.intake import import_files as run

    known, paths = _declared(content_dirs), [Path(file) for file in _several(files)]
    return run(paths, Path(out), table=table, encoding=encoding, keep_sound=keep_sound, force=force, declared=known)


def validate(path: str | Path, *, suites: Sequence[str] | None = None) -> Report:
    """Run the Great Expectations suites over a dataset."""
    from sfbench.quality import validate as run

    return run(Path(path), suites=_several(suites))


def verify(path: str | Path, opening: str | Path | None = None) -> list[Finding]:
    """Compare a dataset with its manifest: files, checksums, logical hashes. An empty list means that all is well.

    `opening` is the private manifest of a dataset whose `truth/` lies elsewhere.
    """
    from sfbench.store.verify import verify as run

    return run(path, opening)


def _declared(content_dirs: Sequence[str | Path]) -> dict[str, Table]:
    known = content.tables(_folders(content_dirs))
    return {name: table.spec for name, table in known.items() if table.spec.published}


def _folders(content_dirs: Sequence[str | Path]) -> tuple[Path, ...]:
    return tuple(Path(folder) for folder in _several(content_dirs))


def _several(wished: Any) -> Any:
    """One name, number or path stands for a list of it; a text would else be read as a list of its letters."""
    return [wished] if isinstance(wished, str | int | Path) else wished


def _date(day: Day) -> datetime.date | None:
    if isinstance(day, datetime.datetime):  # pandas' Timestamp is one
        return day.date()
    if day is None or isinstance(day, datetime.date):
        return day
    try:
        return datetime.date.fromisoformat(day)
    except (TypeError, ValueError) as error:
        raise SfbenchError(f"{day!r} is no date", why=str(error), fix="write it as 2025-12-31") from error


def _day(day: Day) -> int | None:
    date = _date(day)
    return None if date is None else (date - datetime.date(1970, 1, 1)).days
