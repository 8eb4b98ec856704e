"""The reporting standard's `.dat`: fields between `|`, a line per row, headed by the standard's code names (DKYE ...).

A column that the standard does not name has its own name in capitals. Flags are 1 and 0. A text with `|` in it stands
between double quotes, an empty text is `""`, a null nothing.

With `loan` and `loan_balance` the standard's own table of 32 fields, outstanding corporate loans (存量单位贷款信息), is
written too: CLDWDKXX/CLDWDKXX_<month end>.dat, a file per month end. It knows no quotes: a text that
would need them is refused there.
"""

from __future__ import annotations

from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.spec import Column, Table
from sfbench.store.formats._format import Format, Wishes, files
from sfbench.store.formats._source import Source, quoted
from sfbench.store.formats.csv import recode
from sfbench.store.read import sql_text

STOCK = "CLDWDKXX"
# The 32 fields of 存量单位贷款信息 in the order of public implementations: facts field_cldwdk_01 to _32.
_FIELDS = (
    "JRJGDM NBJGH JRJGDQDM JKRZJLX JKRZJDM JKRGMJJBM JKRHY JKRDQDM JKRJJCF JKRQYGM DKJJBM DKHTBM DKCPLB DKSJTX DKFFRQ "
    "DKDQRQ DKZQDQRQ BZ DKYE DKYEZRMB LLSFGD LLSP DKDJJZLX JZLL DKCZFCFS DKLLZXDJR DKDBFS SFSCDK DKZL DKZT YQLX DKYT"
)
FIELDS = tuple(_FIELDS.split())


def heading(column: Column) -> str:
    """The standard's name of a column, or its own in capitals."""
    return column.standard or column.name.upper()


def write(source: Source, out: str, wishes: Wishes) -> None:
    """A file per table, and the standard's table where its two halves are there."""
    for table, path in files(source, out, ".dat"):
        cells = [f"{_cell(column)} AS {quoted(heading(column))}" for column in table.columns]
        _copy(source, f"SELECT {', '.join(cells)} FROM {quoted(table.name)}", path, wishes, "'\"'")
    if {"loan", "loan_balance"} <= set(source.tables):
        _write_stock(source, Path(out), wishes)


def _write_stock(source: Source, out: Path, wishes: Wishes) -> None:
    columns: dict[str, tuple[str, Column]] = {}  # what is monthly goes before what was so at the grant
    for name in ("loan", "loan_balance"):
        _refuse_quotes(source, source.tables[name])
        columns |= {c.standard: (name, c) for c in source.tables[name].columns if c.standard}
    cells = [f"{_cell(c, name)} AS {field}" for field in FIELDS for name, c in (columns[field],)]
    joined = f"SELECT {', '.join(cells)} FROM loan_balance JOIN loan USING (loan_id) WHERE month = "
    (out / STOCK).mkdir()
    mark = ".synthetic" if source.synthetic else ""
    months = source.connection.execute("SELECT DISTINCT month FROM loan_balance ORDER BY month").fetchall()
    for (month,) in months:
        path = out / STOCK / f"{STOCK}_{month:%Y%m%d}{mark}.dat"
        _copy(source, f"{joined} DATE '{month}' ORDER BY loan_id", path, wishes, "''")


def _cell(column: Column, table: str = "") -> str:
    cell = f"{quoted(table)}.{quoted(column.name)}" if table else quoted(column.name)
    return f"CAST(CAST({cell} AS INTEGER) AS VARCHAR)" if column.kind == "flag" else f"CAST({cell} AS VARCHAR)"


def _copy(source: Source, query: str, path: Path, wishes: Wishes, quote: str) -> None:
    options = f"(FORMAT csv, HEADER, DELIMITER '|', QUOTE {quote}, ESCAPE {quote})"
    source.connection.execute(f"COPY ({query}) TO {sql_text(str(path))} {options}")
    if wishes.encoding == "gb18030":
        recode(path, wishes.encoding)


def _refuse_quotes(source: Source, table: Table) -> None:
    for column in table.columns:
        if column.standard and column.kind in ("code", "text"):
            cell = quoted(column.name)
            bad = rf"SELECT count(*) FROM {quoted(table.name)} WHERE regexp_matches({cell}, '[|\r\n]')"
            if count := source.number(bad):
                where, why = f"{table.name}.{column.name}", f"{STOCK} knows no quotes, and `|` ends a field there"
                fix = "export one of loan and loan_balance, or choose csv"
                raise SfbenchError(f"{count} texts hold `|` or line breaks", where=where, why=why, fix=fix)


FORMAT = Format(
    zh="报送标准 .dat（竖线分隔，字段代码为表头）",
    en="the reporting standard's .dat: fields between |, headed by its code names",
    holds="tables",
    write=write,
    suffix=".dat",
    encodings=("utf-8", "gb18030"),
)
