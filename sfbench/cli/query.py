"""`sfbench query`: free SQL over a dataset, from the command line, a file, a pipe or a prompt."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.failure import describe
from sfbench.cli.new_file import check_new_file
from sfbench.cli.say import pick, print_table
from sfbench.error_words import in_chinese
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.folders import read_text

if TYPE_CHECKING:
    import pyarrow as pa

    from sfbench.query import Sealed

_SHOWN = 200  # rows that a person reads
_COMMANDS = (".tables", ".exit")


def query(
    path: o.Dataset,
    sql: Annotated[str | None, typer.Argument(metavar="[SQL]", help="One statement or several, `;` between.")] = None,
    file: o.SqlFile = None,
    metric: o.ShownMetric = None,
    as_of: o.AsOf = None,
    form: o.RowFormat = None,
    out: o.OutRows = None,
    force: o.Force = False,
    content: o.Content = None,
    lang: o.Lang = "en",
) -> None:
    """Ask the dataset in DuckDB's SQL: a view per table, read only.

    Without SQL: a prompt on a terminal, else SQL is read from stdin. A query can read the dataset's files and no
    other, and changes none; tables that it creates live in memory.
    """
    extra, day = folders(content), o.day("--as-of", as_of)
    given = [name for name, value in (("SQL", sql), ("--file", file), ("--metric", metric)) if value is not None]
    if len(given) > 1:
        raise SfbenchError(f"{' and '.join(given)} are given", where=given[1], fix="give one of them")
    if metric is not None:
        _refuse_rows(form, out)
        from sfbench.query import metric_sql

        print(metric_sql(path, metric, day, declared=published_tables(extra), content=extra), end="")
        return
    shape = _format(form, out, force)
    from sfbench.query import open_sealed

    text = sql if file is None else read_text(file, f"--file {file}")
    with open_sealed(path, day, declared=published_tables(extra)) as dataset:
        for defect in dataset.defects:
            typer.echo(f"{pick(lang, 'not read', '未读取')}: {defect.name}: {defect.why}", err=True)
        if text is None and _on_terminal():
            _prompt(dataset, shape, lang)
            return
        text = sys.stdin.read() if text is None else text
        if not text.strip(" \n\t;"):
            raise SfbenchError("there is no SQL", where="SQL", fix="give it as an argument, by --file, or on stdin")
        _stoppable(dataset, partial(_answer, dataset, text, shape, out, lang))


def _refuse_rows(form: str | None, out: Path | None) -> None:
    """What a metric prints are no rows. Raises SfbenchError."""
    for option, given in (("--format", form), ("--out", out)):
        if given is not None:
            fix = "leave it out; `> FILE` keeps the SQL, `sfbench evaluate --out FILE` the figures"
            raise SfbenchError("--metric prints SQL, and no rows", where=option, fix=fix)


def _on_terminal() -> bool:
    return sys.stdin.isatty()


def _format(form: str | None, out: Path | None, force: bool) -> str:
    """The format of the rows. Raises SfbenchError if it and --out do not go together."""
    if out is None:
        if form == "parquet":
            raise SfbenchError("Parquet is not for a terminal", where="--format parquet", fix="add --out FILE.parquet")
        return form or "table"
    from sfbench.query import FORMATS

    check_new_file(out, force, tuple(f".{name}" for name in FORMATS))
    if form not in (None, out.suffix[1:]):
        raise SfbenchError(f"--format {form} and {out.name} do not go together", where="--format", fix="leave one out")
    return out.suffix[1:]


def _stoppable(dataset: Sealed, answer: Callable[[], None]) -> None:
    """Answers on a thread of its own: while DuckDB computes on this one, Python would not hear of Ctrl-C."""
    from concurrent.futures import ThreadPoolExecutor, wait

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:  # a shell's job in the background ignores it
        answer()
        return
    asked = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        with ThreadPoolExecutor(1) as pool:
            answered = pool.submit(answer)
            while wait([answered], timeout=0.05).not_done:
                if asked.is_set():  # again and again: before a query begins there is nothing to stop
                    dataset.interrupt()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if asked.is_set():
        raise KeyboardInterrupt
    answered.result()


def _answer(dataset: Sealed, sql: str, form: str, out: Path | None, lang: o.Language) -> None:
    from sfbench.metrics.writers.file import write_file
    from sfbench.query import write_result

    rows = dataset.run(sql)
    if rows is None:
        return
    if form == "table":
        _print_rows(rows, lang)
    elif out is None:
        write_result(rows, sys.stdout.buffer, form)  # type: ignore[arg-type]
    else:
        counts: list[int] = []
        write_file(out, lambda sink: counts.append(write_result(rows, sink, form)))  # type: ignore[arg-type]
        print(pick(lang, f"{out}: {counts[0]:,} rows", f"{out}：{counts[0]:,}行"))


def _print_rows(rows: pa.RecordBatchReader, lang: o.Language) -> None:
    import pyarrow.types as types

    from sfbench.query import head

    shown, more = head(rows, _SHOWN)
    right = [place for place, field in enumerate(shown.schema) if types.is_decimal(field.type) or _number(field.type)]
    cells = zip(*(column.to_pylist() for column in shown.columns), strict=True)
    print_table(shown.column_names, ([_cell(value) for value in row] for row in cells), right=right)
    if more:
        en = f"the first {_SHOWN} rows; --format csv, or --out FILE, gives all"
        typer.echo(pick(lang, en, f"仅显示前{_SHOWN}行；--format csv 或 --out FILE 可得全部"), err=True)


def _number(kind: pa.DataType) -> bool:
    import pyarrow.types as types

    return bool(types.is_integer(kind) or types.is_floating(kind))


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _prompt(dataset: Sealed, form: str, lang: o.Language) -> None:
    """Reads statements up to `;` until .exit or Ctrl-D; an error or Ctrl-C is told, and the prompt goes on."""
    with suppress(ImportError):
        import readline  # noqa: F401  # arrow keys and history where the platform has it
    print(
        pick(lang, "SQL ends with ; -- .tables lists tables, .exit leaves", "SQL以;结束；.tables列出数据表，.exit退出")
    )
    text = ""
    while True:
        try:
            line = input("   ...> " if text else "sfbench> ")
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print()
            text = ""
            continue
        command = line.strip()
        if not text and command.startswith("."):
            if command == ".exit":
                return
            if command != ".tables":
                near = did_you_mean(command, _COMMANDS)
                en, zh = f"no command {command!r}; {near}", f"没有命令{command!r}； {in_chinese(near)}"
                print(pick(lang, en, zh))
            else:
                print("\n".join(dataset.tables))
            continue
        text = f"{text}\n{line}" if text else line
        if command.endswith(";"):
            try:
                _stoppable(dataset, partial(_answer, dataset, text, form, None, lang))
            except SfbenchError as error:
                print(describe(error, lang), file=sys.stderr)
            except KeyboardInterrupt:
                print("\n" + pick(lang, "the query is stopped", "查询已停止"), file=sys.stderr)
            text = ""
