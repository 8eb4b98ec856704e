"""`sfbench factors`: parameters of known selectivity for queries on a dataset."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.say import pick, print_json, print_table, waiting

_LACKS = (
    (r"Table with name (\w+) does not exist!", r"缺少数据表\1"),
    (r'Referenced column "(\w+)" not found', r"缺少字段\1"),
)


def factors(
    path: o.Dataset,
    out: o.OutFolder = Path("factors"),
    as_of: o.AsOf = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Write query parameters of known selectivity, for those who measure a system of their own.

    OUT/factors.parquet and factors.json say for each query and value how many rows it selects, exactly, from the rarest
    value to the most common; OUT/queries holds the queries.
    """
    from sfbench.factors import templates, write_factors
    from sfbench.metrics import records

    extra, day = folders(content), o.day("--as-of", as_of)
    with waiting(pick(lang, "counting", "正在计数")):
        found = write_factors(path, out, as_of=day, force=force, declared=published_tables(extra), content=extra)
    for name, why in found.skipped.items():
        typer.echo(pick(lang, f"left out: {name}: {why}", f"略去：{name}：{_in_chinese(why)}"), err=True)
    rows = records(found.table)
    if as_json:
        print_json(rows)
        return
    known = templates(extra)
    choices: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        choices.setdefault((row["query"], row["level"]), []).append(row)
    cells = [
        (
            pick(lang, known[query].en, known[query].zh),
            level,
            ", ".join(f"{row['parameter']} = {row['value']}" for row in values),
            f"{values[0]['rows_selected']:,}",
            f"{100 * values[0]['share']:.4g} %",
        )
        for (query, level), values in choices.items()
    ]
    titles = (("query", "查询"), ("level", "档位"), ("parameter", "参数"), ("rows", "行数"), ("of the table", "占表"))
    print_table([pick(lang, *title) for title in titles], cells, right=(3, 4))
    print(pick(lang, f"written to {out}", f"已写入{out}"))


def _in_chinese(why: str) -> str:
    """What a query lacks, where DuckDB says it in these words."""
    for said, zh in _LACKS:
        if found := re.match(said, why):
            return found.expand(zh)
    return why
