"""`sfbench import`: a user's CSV, Excel and .dat files in the declared schema."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.failure import FINDINGS
from sfbench.cli.say import pick, print_json, print_table, waiting

if TYPE_CHECKING:
    from sfbench.intake import Problem

_SHOWN = 20
_HEADS = (("file", "文件"), ("row", "行"), ("column", "字段"), ("value", "值"), ("problem", "问题"))


def import_tables(
    files: o.InputFiles,
    out: o.OutFolder = Path("own"),
    table: o.TableName = "",
    encoding: o.Encoding = "",
    keep_sound: o.KeepSound = False,
    problems: o.ProblemsFile = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Take your own CSV, Excel or .dat files into the declared schema, as Parquet.

    Headings may be names, Chinese or English names, or the standard's code names; codes may be codes or their labels.
    What does not fit is listed by row, and then nothing is written (or, with --keep-sound, the other rows). Exits with
    1 if there was a problem.
    """
    from sfbench.intake import import_files

    if problems is not None:
        from sfbench.cli.evaluate import check_new_file

        check_new_file(problems, force, (".csv",))
    declared = published_tables(folders(content))
    with waiting(pick(lang, "reading", "正在读取")):
        done = import_files(
            files, out, table=table, encoding=encoding, keep_sound=keep_sound, force=force, declared=declared
        )
    if problems is not None:
        _write(done.problems, problems, lang)
    if as_json:
        told = [{**_fields(one), "words": one.words(lang)} for one in done.problems]
        print_json({"out": str(out), "rows": dict(done.rows), "read": dict(done.read), "problems": told})
    else:
        _show(done.problems, problems, lang)
        for name, rows in done.rows.items():
            read = done.read[name]
            print(pick(lang, f"{name}: {rows:,} of {read:,} rows", f"{name}：{read:,}行中{rows:,}行"))
        if done.rows:
            print(
                pick(
                    lang,
                    f"written to {out}; next: sfbench check-schema {out}",
                    f"已写入{out}；下一步：sfbench check-schema {out}",
                )
            )
        else:
            print(
                pick(
                    lang,
                    "nothing was written; --keep-sound writes the other rows",
                    "未写入；--keep-sound 可写入其余各行",
                )
            )
    if done.problems:
        raise typer.Exit(FINDINGS)


def _show(found: Sequence[Problem], kept: Path | None, lang: o.Language) -> None:
    if not found:
        return
    rows = [(p.file, f"{p.row:,}", p.column, p.value[:40], p.words(lang)) for p in found[:_SHOWN]]
    print_table([pick(lang, *head) for head in _HEADS], rows, right=(1,))
    if len(found) > _SHOWN:
        where = str(kept) if kept else "--problems FILE"
        print(pick(lang, f"... {len(found):,} problems in all: {where}", f"……共{len(found):,}个问题：{where}"))


def _write(found: Sequence[Problem], path: Path, lang: o.Language) -> None:
    from sfbench.store.formats._cells import guard

    with path.open("w", encoding="utf-8-sig", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow(["file", "table", "row", "column", "value", "kind", "problem"])
        writer.writerows([p.file, p.table, p.row, p.column, guard(p.value), p.kind, p.words(lang)] for p in found)


def _fields(one: Problem) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("file", "table", "row", "column", "kind", "value")}
