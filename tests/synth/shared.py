"""What the tests of copies with more tables share: which expectations fail, a figure of a copy, a changed original."""

import pyarrow.parquet as pq

import sfbench
from sfbench.synth import write

LEARNED = ["enterprise", "loan", "loan_balance"]
NAMED = ["guarantee", "credit_application", "loan_flow", "collateral"]  # learned only if they are named
EVERY = [*LEARNED, *NAMED]
REGISTERS = ["product", "institution", "industry", "month", "district", "cluster"]
JUDGED, OF = 30, {"loan_flow": 29}  # expectations of a table, at least; all of one that has fewer
FIRMS = 250  # of a copy in which only identities are looked at


def violated(folder, tables):
    """(id, rows) of what fails of the suites of a copy; enough expectations of each table were judged."""
    report = sfbench.validate(folder, suites=tables)
    judged = [f for f in report.findings if f.outcome != "not_evaluated"]
    for table in tables:
        assert len([f for f in judged if f.id.startswith(f"{table}.")]) >= OF.get(table, JUDGED), table
    return [(f.id, f.unexpected) for f in judged if f.outcome == "violated"]


def figure(folder, sql):
    """The one number that a query gives."""
    return float(sfbench.open(folder).sql(sql).fetchall()[0][0])


def changed(original, out, table, sql):
    """Plain files of the original in which `table` is what `sql` says."""
    out.mkdir()
    con = sfbench.open(original)
    for name in [*EVERY, *REGISTERS]:
        rows = con.sql(sql if name == table else f"FROM {name}").to_arrow_table()
        pq.write_table(rows, out / f"{name}.parquet")
    return out


def written(model, drawn, out):
    """A dataset of tables that were drawn, as they are or changed since."""
    specs = {name: spec for name, spec in model.specs.items() if name in drawn or name in model.registers}
    made = write.pieces(drawn, model.registers, specs, seed=1)
    write.folder(made, specs, out, {"name": "synthetic_copy"}, seed=1, force=False)
    return out
