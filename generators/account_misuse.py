"""What the money of a traced note was really used for: what a watch over accounts has to find out. Unpublished."""

from sfbench.kit import Column, Table, codes

TABLE = Table(
    zh="资金真实去向",
    en="Real use of traced notes",
    published=False,
    key=("loan_id",),
    columns=(
        Column("loan_id", "key", "贷款借据编号", "Loan note", references="loan.loan_id"),
        Column(
            "misuse",
            "code",
            "挪用方式",
            "How it was misused",
            values=codes(
                "none 无 None",
                "round_trip 回流 Returned by a related firm",
                "deposit 转存理财 Deposit or wealth product",
                "fund 投向基金 Payment into a fund",
                "evergreen 借新还旧 Repayment of an older note",
            ),
        ),
    ),
    needs=("account_flow", "note"),
    grows="loan",
)


def rows(block, needs, params, draw):
    """One row a traced note."""
    flows = needs["account_flow"]
    return {"loan_id": needs["note"]["attempt"].take(flows["_note"]), "misuse": flows["_misuse"]}
