"""What the tests of copies with more tables share: which expectations fail, a figure of a copy, a changed original."""

import pyarrow.parquet as pq

import sfbench

LEARNED = ["enterprise", "loan", "loan_balance"]
REGISTERS = ["product", "institution", "industry", "month", "district", "cluster"]


def violated(folder, table, least):
    """(id, rows) of what fails of the suites of a copy; at least so many expectations of `table` were judged."""
    report = sfbench.validate(folder, suites=[*LEARNED, table])
    judged = [f for f in report.findings if f.outcome != "not_evaluated"]
    assert len([f for f in judged if f.id.startswith(f"{table}.")]) >= least
    return [(f.id, f.unexpected) for f in judged if f.outcome == "violated"]


def figure(folder, sql):
    """The one number that a query gives."""
    return float(sfbench.open(folder).sql(sql).fetchall()[0][0])


def changed(original, out, table, sql):
    """Plain files of the original in which `table` is what `sql` says."""
    out.mkdir()
    con = sfbench.open(original)
    for name in [*LEARNED, *REGISTERS, table]:
        rows = con.sql(sql if name == table else f"FROM {name}").to_arrow_table()
        pq.write_table(rows, out / f"{name}.parquet")
    return out
