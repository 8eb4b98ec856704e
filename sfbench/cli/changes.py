"""`sfbench changes`: a dataset as the batches that a receiver would have been sent."""

from __future__ import annotations

import datetime
from pathlib import Path

from sfbench.cli import options as o
from sfbench.cli.content import folders
from sfbench.cli.say import pick, print_json, print_table, waiting

_SHOWN = 24  # lines of the summary


def changes(
    path: o.Dataset,
    out: o.OutFolder = Path("changes"),
    by: o.BatchLength = "month",
    since: o.Since = None,
    until: o.Until = None,
    tables: o.Tables = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Write a change feed: inserts, updates and deletes by month or day.

    OUT/<day>/<table>/*.parquet with `_op` and `_at`, and OUT/changes.json. The first batch is all that was known the
    day before --from (2022-01-01 unless given). Applying the batches up to a day gives the snapshot `--as-of` that day.
    """
    from sfbench.changes import FIRST, LAST, write_feed
    from sfbench.store import manifest

    first, last = o.day("--from", since) or FIRST, o.day("--to", until) or LAST
    wanted = o.names("--tables", tables)
    with waiting(pick(lang, "writing batches", "正在写出批次")):
        sent = write_feed(path, out, by=by, since=first, until=last, tables=wanted, force=force, extra=folders(content))
    if as_json:
        print_json([{**batch._asdict(), "at": str(batch.at)} for batch in sent])
        return
    totals: dict[datetime.date, dict[str, int]] = {}
    for batch in sent:
        day = totals.setdefault(batch.at, {"insert": 0, "update": 0, "delete": 0})
        day[batch.operation] += batch.rows
    rows = [(str(at), *(f"{n:,}" for n in counts.values())) for at, counts in totals.items()]
    titles = [
        pick(lang, *pair) for pair in (("batch", "批次"), ("insert", "新增"), ("update", "更新"), ("delete", "删除"))
    ]
    print_table(titles, rows[:_SHOWN], right=(1, 2, 3))
    if len(rows) > _SHOWN:
        print(pick(lang, f"... {len(rows)} batches", f"……共{len(rows)}批"))
    mark = pick(lang, " (synthetic)", "（合成数据）") if (path / manifest.NAME).is_file() else ""
    print(pick(lang, f"written to {out}", f"已写入{out}") + mark)
