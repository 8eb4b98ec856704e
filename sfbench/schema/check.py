"""Compares a folder with the declarations: files by their footers, values by one query per table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from sfbench import content as declarations
from sfbench.metrics.catalogue import catalogue
from sfbench.metrics.needs import Held
from sfbench.metrics.required import required
from sfbench.quality.suites import load_suites
from sfbench.schema.report import Finding, Kind, SchemaReport, TableFacts
from sfbench.schema.suite_needs import suite_needs
from sfbench.spec import Column, Table
from sfbench.store.own import Defect
from sfbench.store.read import open_usable, present_files
from sfbench.store.shape import footer

_KINDS: Mapping[str, Kind] = {"missing": "missing", "type": "type", "unreadable": "unreadable", "undated": "missing"}


def check_schema(path: Path, content: Sequence[Path] = ()) -> SchemaReport:
    """The report on a folder: a dataset, or a user's own Parquet files without manifest.

    Raises SfbenchError for a folder without any table, and for a dataset of ours whose files are damaged.
    """
    extra = tuple(content)
    declared = {name: table.spec for name, table in declarations.tables(extra).items() if table.spec.published}
    connection, defects, views = open_usable(path, declared=declared)
    try:
        held = Held(connection, {defect.name: defect.why for defect in defects})
        facts, values = _values(connection, declared, views, defects)
        known = catalogue(extra)
        suites = load_suites(extra, tables=declared)
        return SchemaReport(
            tables=facts,
            findings=(*_presence(path, declared, views, defects), *values),
            metrics={metric: tuple(held.missing(required(known, metric))) for metric in known.metrics},
            suites={suite.name: tuple(held.missing(suite_needs(suite, declared, connection))) for suite in suites},
        )
    finally:
        connection.close()


def _presence(
    path: Path, declared: Mapping[str, Table], views: Mapping[str, str], defects: Sequence[Defect]
) -> Iterator[Finding]:
    files = present_files(path)
    for name in declared:
        if name not in files:
            yield Finding(name, "", "missing")
    for defect in defects:
        yield Finding(defect.table, defect.column, _KINDS[defect.kind], defect.why)
    for name, paths in files.items():
        if name not in declared:
            yield Finding(name, "", "extra")
        elif name in views:
            found = dict.fromkeys(column for file in paths for column in footer(file).schema.to_arrow_schema().names)
            columns = {column.name for column in declared[name].columns}
            yield from (Finding(name, column, "extra") for column in found if column not in columns)


def _values(
    connection: duckdb.DuckDBPyConnection,
    declared: Mapping[str, Table],
    views: Mapping[str, str],
    defects: Sequence[Defect],
) -> tuple[dict[str, TableFacts], list[Finding]]:
    facts: dict[str, TableFacts] = {}
    findings: list[Finding] = []
    lost = {defect.name for defect in defects}
    for name, table in declared.items():
        columns = [column for column in table.columns if f"{name}.{column.name}" not in lost] if name in views else []
        rows = 0
        if columns:
            try:
                rows, wrong = _table(connection, table, columns)
                findings += wrong
            except duckdb.Error as error:  # a value that does not convert, or a damaged page
                findings.append(Finding(name, "", "unreadable", str(error).splitlines()[0]))
        facts[name] = TableFacts(name in views, rows, len(columns), len(table.columns))
    return facts, findings


def _table(connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Column]) -> tuple[int, list[Finding]]:
    """Rows, nulls where there may be none, and codes that are not declared, in one scan."""
    required = [column for column in columns if not column.nullable]
    coded = [column for column in columns if column.values]
    figures = ["COUNT(*)", *(f'COUNT(*) FILTER ("{column.name}" IS NULL)' for column in required)]
    for column in coded:
        known = ", ".join("'" + value.code.replace("'", "''") + "'" for value in column.values)
        unknown = f'FILTER ("{column.name}" NOT IN ({known}))'
        figures += [f"COUNT(*) {unknown}", f'MIN("{column.name}") {unknown}', f'MAX("{column.name}") {unknown}']
    total, *found = connection.execute(f'SELECT {", ".join(figures)} FROM "{table.name}"').fetchall()[0]
    nulls, codes = found[: len(required)], found[len(required) :]
    findings = [
        Finding(table.name, column.name, "null", rows=rows)
        for column, rows in zip(required, nulls, strict=True)
        if rows
    ]
    for column, rows, least, most in zip(coded, codes[::3], codes[1::3], codes[2::3], strict=True):
        if rows:
            examples = tuple(dict.fromkeys((str(least), str(most))))
            findings.append(Finding(table.name, column.name, "code", rows=rows, examples=examples))
    return total, findings
