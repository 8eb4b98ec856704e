"""`sfbench export`: a dataset, or a user's own tables, in another format."""

from __future__ import annotations

import time

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.say import pick, print_json, waiting


def export(
    path: o.Dataset,
    form: o.ExportFormat = "csv",
    out: o.OutExport = "export",
    tables: o.Tables = None,
    as_of: o.AsOf = None,
    encoding: o.Encoding = "",
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Write tables as CSV, Excel, the reporting standard's .dat, databases, SQL, Arrow, Delta or Iceberg.

    Amounts stay exact, nulls stay nulls. Text that a spreadsheet would run is guarded by a quote in CSV and Excel.
    What sfbench made carries the mark "synthetic" in file names or in the file.
    """
    from sfbench.store.export import export as run
    from sfbench.store.formats.postgres import hidden

    started = time.perf_counter()
    with waiting(pick(lang, "exporting", "正在导出")):
        done = run(
            path,
            form,
            out,
            tables=o.names("--tables", tables),
            as_of=o.day("--as-of", as_of),
            encoding=encoding,
            force=force,
            declared=published_tables(folders(content)),
        )
    place, total = hidden(done.out), sum(done.rows.values())
    if as_json:
        print_json({"out": place, "format": form, "synthetic": done.synthetic, "rows": dict(done.rows)})
        return
    seconds = time.perf_counter() - started
    en = f"{place}: {form}: {len(done.rows)} tables, {total:,} rows, {seconds:.1f} s"
    zh = f"{place}：{form}：{len(done.rows)} 张表，{total:,} 行，{seconds:.1f} 秒"
    print(pick(lang, en, zh) + (pick(lang, " (synthetic)", "（合成数据）") if done.synthetic else ""))
