"""The data dictionary in Markdown: a section per table, a row per column, the codes below."""

from __future__ import annotations

from sfbench.metadata.facts import Facts, Held
from sfbench.spec import Column
from sfbench.store.shape import DUCKDB_TYPES

NAME = "dictionary.md"
HEADS = ("column", "字段", "what", "type", "unit 单位", "code name 标准代码", "may be empty 可空", "refers to 引用")


def text(facts: Facts) -> str:
    """The file's text."""
    lines = [f"# {facts.name}", "", facts.description, ""]
    for held in facts.tables:
        lines += _section(held)
    return "\n".join(lines)


def facts_of(column: Column) -> tuple[str, ...]:
    """The cells of HEADS."""
    empty = "yes 是" if column.nullable else ""
    kind = DUCKDB_TYPES[column.kind]
    return (column.name, column.zh, column.en, kind, column.unit, column.standard, empty, column.references)


def cell(text: str) -> str:
    """A text as a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def _section(held: Held) -> list[str]:
    table = held.table
    lines = [f"## {table.name}: {table.zh} {table.en}", ""]
    lines += [f"{held.rows:,} rows; key 主键: {', '.join(table.key)}", ""]
    lines += [_row(HEADS), "|" + "---|" * len(HEADS), *(_row(facts_of(column)) for column in table.columns), ""]
    for column in table.columns:
        if column.values:
            codes = "; ".join(f"{code.code} {code.zh} {code.en}" for code in column.values)
            lines += [f"- **{column.name}**: {codes}"]
    return [*lines, ""]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(cell, cells))} |"
