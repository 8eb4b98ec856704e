"""Oracle of chain_leader_rd_loans, from its definition: one quarter after another, notes as plain rows."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import polars as pl

Figures = dict[tuple[str, str, str, str, str], float | None]
METRIC = "chain_leader_rd_loans"


def figures(folder: Path) -> Figures:
    """Every figure of the dataset in `folder`/data/<table>/*.parquet."""

    def read(name: str, columns: list[str]) -> pl.DataFrame:
        return pl.read_parquet(folder / "data" / name / "*.parquet", columns=columns)

    codes = dict(read("product", ["product_id", "code"]).with_columns(pl.col("code").cast(pl.String)).rows())
    links = read("chain_link", ["enterprise_id", "chain", "role", "valid_from", "valid_to", "disclosed_on"])
    leaders = links.with_columns(pl.col("chain", "role").cast(pl.String)).filter(pl.col("role") == "leader").to_dicts()
    firms = [link["enterprise_id"] for link in leaders]
    loans = read("loan", ["loan_id", "enterprise_id", "purpose", "product_id"]).filter(
        pl.col("enterprise_id").is_in(firms)
    )
    kinds = {}
    for loan in loans.to_dicts():
        code = codes[loan["product_id"]]
        if "研发" in loan["purpose"] or code in ("rd", "policy_tech_rd"):
            kinds[loan["loan_id"]] = ("rd_balance", loan["enterprise_id"])
        elif "技术改造" in loan["purpose"] or code == "equipment_renewal":
            kinds[loan["loan_id"]] = ("upgrade_balance", loan["enterprise_id"])
    months = [m for m in read("month", ["month"])["month"] if m.month % 3 == 0]
    stock = read("loan_balance", ["month", "loan_id", "balance_rmb"]).filter(
        pl.col("month").is_in(months), pl.col("loan_id").is_in(list(kinds))
    )
    owed = defaultdict(list)
    for month, loan, amount in stock.iter_rows():
        owed[month].append((*kinds[loan], float(amount)))
    found: Figures = {}
    for month in months:
        valid = [
            link
            for link in leaders
            if max(link["valid_from"], link["disclosed_on"]) <= month and (link["valid_to"] or month) >= month
        ]
        groups = {("total", "total"): {link["enterprise_id"] for link in valid}}
        for link in valid:
            groups.setdefault(("chain", link["chain"]), set()).add(link["enterprise_id"])
        for cut, members in groups.items():
            mine = [row for row in owed[month] if row[1] in members]
            sums = {
                kind: sum(row[2] for row in mine if row[0] == kind) / 1e8 for kind in ("rd_balance", "upgrade_balance")
            }
            values = {"balance": sum(sums.values()), **sums, "leaders": float(len({r[1] for r in mine if r[2] > 0}))}
            for component, value in values.items():
                found[METRIC, component, month.isoformat(), *cut] = value
    return found
