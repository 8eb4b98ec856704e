"""The rules of the bank reports and of what must be unique or present across tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from .edits import Row

Good = dict[str, list[tuple[int, Row]]]
SUMS = (
    "enterprise",
    "tech",
    "tech_enterprise",
    "tech_industry",
    "green",
    "manufacturing",
    "manufacturing_long_term",
    "digital",
    "npl",
)


def _in(part: str, row: Row, loan: Row) -> bool:
    a, b = row["tech_enterprise"] == "true", loan["tech_use"] == "true"
    return {
        "enterprise": True,
        "tech": a or b,
        "tech_enterprise": a,
        "tech_industry": b,
        "green": loan["green"] == "true",
        "manufacturing": loan["manufacturing"] == "true",
        "digital": loan["digital"] == "true",
        "npl": row["grade"] >= "FQ03",
        "manufacturing_long_term": loan["manufacturing"] == "true" and int(loan["tenor_months"]) > 12,
    }[part]


def bank_findings(good: Good) -> Iterator[tuple[str, str, int]]:
    """Totals = notes + other parts; the parts fit into each other; one version is published."""
    loans = {r["loan_id"]: r for _, r in good["loan"]}
    notes = defaultdict(list)
    for _, r in good["loan_balance"]:
        if loan := loans.get(r["loan_id"]):
            notes[r["month"], loan["institution_id"]].append((r, loan))
    published: dict[tuple[str, ...], int] = defaultdict(int)
    t = "bank_month"
    for i, r in good[t]:
        own = notes[r["month"], r["institution_id"]]
        value = {k: Decimal(v) for k, v in r.items() if k.endswith(("_loans", "_other"))}
        for part in SUMS:
            if value[f"{part}_loans"] != value[f"{part}_loans_other"] + sum(
                Decimal(n["balance_rmb"]) for n, loan in own if _in(part, n, loan)
            ):
                yield f"notes_plus_other:{part}", t, i
        if value["all_loans"] != sum(value[f"{p}_loans"] for p in ("enterprise", "household", "overseas", "non_bank")):
            yield "all_is_sum", t, i
        a, b, union = value["tech_enterprise_loans"], value["tech_industry_loans"], value["tech_loans"]
        if not max(a, b) <= union <= a + b:
            yield "union_bounds", t, i
        if any(value[f"{p}_loans"] > value["all_loans"] for p in (*SUMS, "inclusive", "bill")):
            yield "part_of_all", t, i
        if any(value[f"{p}_loans_other"] > value[f"{p}_loans"] for p in (*SUMS, "inclusive")):
            yield "other_part_of_whole", t, i
        if value["bill_loans"] > value["enterprise_loans_other"]:
            yield "bills_in_other", t, i
        if value["manufacturing_long_term_loans"] > value["manufacturing_loans"]:
            yield "long_term_part", t, i
        published[r["month"], r["institution_id"], r["reporting_scope"]] += r["current"] == "true"
    for i, r in good[t]:
        if published[r["month"], r["institution_id"], r["reporting_scope"]] != 1:
            yield "one_published", t, i
