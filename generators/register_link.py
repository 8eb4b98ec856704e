"""Which loan note an entry of another register is of: what linkage has to find out. Unpublished."""

from sfbench.kit import Column, Table

TABLE = Table(
    zh="登记条目对应借据",
    en="Loan notes of register entries",
    published=False,
    truth="links",
    key=("entry_id",),
    columns=(
        Column("entry_id", "key", "登记条目编号", "Entry"),
        Column("loan_id", "key", "贷款借据编号", "Loan note", references="loan.loan_id"),
    ),
    needs=("register_entry",),
    grows="register_entry",
)


def rows(block, needs, params, draw):
    """One row an entry, in the entries' order."""
    entries = needs["register_entry"]
    return {"entry_id": entries["entry_id"], "loan_id": entries["_attempt"]}
