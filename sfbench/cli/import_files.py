"""`sfbench import`: a user's CSV, Excel, Parquet and .dat files in the declared schema."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.failure import FINDINGS
from sfbench.cli.new_file import check_new_file
from sfbench.cli.say import pick, print_json, print_table, waiting

if TYPE_CHECKING:
    from sfbench.intake import Problem
    from sfbench.spec import Table

_SHOWN = 20
_TEXT_KEYS = ("keys that are texts are taken with --text-keys", "主键为文本时，请加--text-keys")
_ALIKE = (
    "districts and clusters are numbers, names or codes of `sfbench generate baseline --tables district,cluster`",
    "行政区和集群请填编号、名称或代码，见`sfbench generate baseline --tables district,cluster`",
)
_HEADS = (("file", "文件"), ("row", "行"), ("column", "字段"), ("value", "值"), ("problem", "问题"))


def import_tables(
    files: o.InputFiles,
    out: o.OutFolder = Path("own"),
    table: o.TableName = "",
    encoding: o.Encoding = "",
    keep_sound: o.KeepSound = False,
    text_keys: o.TextKeys = False,
    problems: o.ProblemsFile = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Take your own CSV, Excel, Parquet or .dat files into the declared schema, as Parquet.

    Headings may be names, Chinese or English names, or the standard's code names; codes may be codes or their labels;
    keys are whole numbers or, with --text-keys, texts. What does not fit is listed by row, and then nothing is written
    (or, with --keep-sound, the other rows). Exits with 1 if there was a problem.
    """
    from sfbench.intake import import_files

    if problems is not None:
        check_new_file(problems, force, (".csv",), "--problems")
    declared = published_tables(folders(content))
    with waiting(pick(lang, "reading", "正在读取")):
        done = import_files(
            files,
            out,
            table=table,
            encoding=encoding,
            keep_sound=keep_sound,
            text_keys=text_keys,
            force=force,
            declared=declared,
        )
    if problems is not None:
        _write(done.problems, problems, lang)
    if as_json:
        told = [{**_fields(one), "words": one.words(lang)} for one in done.problems]
        print_json({"out": str(out), "rows": dict(done.rows), "read": dict(done.read), "problems": told})
    else:
        _show(done.problems, problems, lang)
        for hint in _hints(done.problems, declared, text_keys):
            print(pick(lang, *hint))
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


def _hints(found: Sequence[Problem], declared: Mapping[str, Table], text_keys: bool) -> Iterator[tuple[str, str]]:
    """What helps if keys are texts."""
    from sfbench.intake.text_keys import may_be_text

    refused = {(one.table, one.column) for one in found if one.kind == "whole"}
    columns = [(declared[table], declared[table].column(name)) for table, name in refused]
    if not text_keys and any(may_be_text(table, column) for table, column in columns):
        yield _TEXT_KEYS
    if any(column.kind == "key" and not may_be_text(table, column) for table, column in columns):
        yield _ALIKE


def _write(found: Sequence[Problem], path: Path, lang: o.Language) -> None:
    from sfbench.store.formats._cells import guard

    with path.open("w", encoding="utf-8-sig", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow(["file", "table", "row", "column", "value", "kind", "problem"])
        writer.writerows([p.file, p.table, p.row, p.column, guard(p.value), p.kind, p.words(lang)] for p in found)


def _fields(one: Problem) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("file", "table", "row", "column", "kind", "value")}
