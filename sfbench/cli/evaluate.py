"""`sfbench evaluate`: the metrics of a dataset."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.latest import finding_words, last_published, series, target_words, unit_words, value_words
from sfbench.cli.say import month, pick, print_records, print_table, reason, waiting
from sfbench.errors import SfbenchError, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

_SUFFIXES = (".parquet", ".csv", ".json")
_SHOWN = 60  # series that a person reads


def evaluate(
    path: o.Dataset,
    metric: o.Metrics = None,
    measure: o.Measures = None,
    cut: o.Cuts = None,
    as_of: o.AsOf = None,
    out: o.OutFile = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Compute the metrics in DuckDB.

    Prints each at its latest month; --json and --out give the whole long table.
    """
    write = _writer(out, force)
    measures = None if measure is None else [o.whole_number("--measure", text) for text in o.names(measure) or ()]
    cuts = o.names(cut)
    with waiting(pick(lang, "computing metrics", "正在计算指标")):
        table, published = measured(
            path,
            names=o.names(metric),
            measures=measures,
            cuts=cuts,
            as_of=o.day("--as-of", as_of),
            extra=folders(content),
        )
    if out is not None:
        write(table, out)
    if as_json:
        from sfbench.metrics import records

        print_records(record for batch in table.to_batches() for record in records(_table_of(batch)))
        return
    if out is None:
        _show(table, published, lang, folders(content), every_cut=cuts is not None)
    else:
        print(pick(lang, f"{out}: {table.num_rows:,} rows", f"{out}：{table.num_rows:,}行"))


def measured(
    path: Path,
    *,
    names: tuple[str, ...] | None = None,
    measures: list[int] | None = None,
    cuts: tuple[str, ...] | None = None,
    as_of: datetime.date | None = None,
    extra: tuple[Path, ...] = (),
) -> tuple[pa.Table, datetime.date | None]:
    """(long table, last published month) of a dataset. Raises SfbenchError."""
    from sfbench.metrics import evaluate as run
    from sfbench.store import manifest
    from sfbench.store.read import open_dataset

    connection = open_dataset(path, as_of=as_of, declared=published_tables(extra))
    try:
        # Without a manifest the data are a user's own, and the city is what they hold.
        scale = manifest.read(path).scale if (path / manifest.NAME).exists() else 1.0
        table = run(connection, scale=scale, metrics=names, measures=measures, cuts=cuts, content=extra)
        return table, last_published(connection)
    finally:
        connection.close()


def _show(
    table: pa.Table, published: datetime.date | None, lang: o.Language, extra: tuple[Path, ...], *, every_cut: bool
) -> None:
    from sfbench.metrics import catalogue, label

    known = catalogue(extra).metrics
    found = series(table, published, every_cut=every_cut)
    headings = (
        pick(lang, "metric", "指标"),
        month(published) if published else pick(lang, "published", "已公布"),
        pick(lang, "latest", "最新"),
        pick(lang, "month", "月份"),
        pick(lang, "unit", "单位"),
    )
    rows = []
    for one in found[:_SHOWN]:
        named = label(known[one.metric], lang)
        part = label(known[one.metric], lang, one.component)
        where = "" if one.cut == "total" else f"\n  {one.cut} = {one.cut_value}"
        aim = target_words(lang, one.target, one.unit)
        finding = finding_words(lang, one) or ("" if one.last_month else reason(lang, one.reason))
        rows.append(
            (
                "\n  ".join(filter(None, (f"{named}: {part}{where}", aim, finding))),
                value_words(one, one.published_value),
                value_words(one, one.last_value),
                month(one.last_month),
                unit_words(lang, one),
            )
        )
    print_table(headings, rows, right=(1, 2))
    shown, total, rows_all = min(len(found), _SHOWN), len(found), f"{table.num_rows:,}"
    en = f"{shown} of {total} series, city values; the long table has {rows_all} rows: --json or --out FILE"
    print(pick(lang, en, f"显示{shown}/{total}个序列（全市口径）；长表共{rows_all}行：--json 或 --out FILE"))


def _table_of(batch: Any) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def _writer(out: Path | None, force: bool) -> Callable[[pa.Table, Path], None]:
    """How to write FILE; refuses before anything is computed. Raises SfbenchError."""
    if out is None:
        return lambda table, path: None
    if out.suffix not in _SUFFIXES:
        fix = f"{did_you_mean(out.suffix, _SUFFIXES)} (end the name with one of {', '.join(_SUFFIXES)})"
        raise SfbenchError(f"{out.suffix or 'no suffix'!r} is no format of figures", where=f"--out {out}", fix=fix)
    if out.exists() and not (force and out.is_file()):
        fix = "choose another name" if out.is_dir() else "add --force to replace it, or choose another name"
        raise SfbenchError("the file exists" if out.is_file() else "this is a folder", where=f"--out {out}", fix=fix)
    if not out.parent.is_dir():
        raise SfbenchError("its folder does not exist", where=f"--out {out}", fix=f"make the folder {out.parent}")
    from sfbench.metrics import write_csv, write_json, write_parquet

    return {".parquet": write_parquet, ".csv": write_csv, ".json": write_json}[out.suffix]
