"""The schema as a Mermaid `erDiagram`, which GitHub and many editors draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sfbench.erd.diagram import references, shown
from sfbench.spec import Table
from sfbench.store.shape import DUCKDB_TYPES


def mermaid(tables: Mapping[str, Table], lang: str = "en", *, whole: bool = False) -> str:
    """Text of the diagram; with keys and references only, or with every column if `whole`."""
    return "\n".join(_lines(tables, lang, whole)) + "\n"


def _lines(tables: Mapping[str, Table], lang: str, whole: bool) -> Iterator[str]:
    yield "erDiagram"
    for reference in references(tables):
        many = "o{" if reference.column not in _sole_key(tables[reference.child]) else "o|"
        one = "|o" if reference.optional else "||"
        yield f"    {reference.parent} {one}--{many} {reference.child} : {reference.column}"
    for name, table in tables.items():
        yield f"    {name} {{"
        for column in table.columns if whole else shown(table):
            kind = DUCKDB_TYPES[column.kind].split("(")[0].lower()
            marks = [*(["PK"] if column.name in table.key else []), *(["FK"] if column.references else [])]
            label = (column.zh if lang == "zh" else column.en).replace('"', "'")
            yield f'        {kind} {column.name} {",".join(marks)} "{label}"'.replace('  "', ' "')
        yield "    }"


def _sole_key(table: Table) -> tuple[str, ...]:
    return table.key if len(table.key) == 1 else ()
