"""The bank reports of the acceptance set: sums of the notes plus the stated other parts of `rows/bank.csv`.

Both scope versions run beside each other from 2024-12 to 2025-03; 2024 is published up to 2024-12, 2025 from 2025-01.
One gap is planted: bank 11, 2025-06, PBOC, 2025 (see PLANTED_GAP).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

VERSION_FROM = {"2024": date(2023, 12, 31), "2025": date(2024, 12, 31)}
VERSION_TO = {"2024": date(2025, 3, 31), "2025": date(2026, 1, 31)}
BREAK = date(2025, 1, 31)  # first month published in the scope of 2025
PLANTED_GAP = {  # (bank, month, scope, version): cents added to what the notes and the other parts give
    ("11", date(2025, 6, 30), "PBOC", "2025"): {
        "all_loans": 123_456_789_01,
        "enterprise_loans": 123_456_789_01,
        "tech_loans": 45_678_901_23,
    }
}
NPL = ("FQ03", "FQ04", "FQ05")
PARTS = [
    "enterprise",
    "tech",
    "tech_enterprise",
    "tech_industry",
    "green",
    "inclusive",
    "manufacturing",
    "manufacturing_long_term",
    "digital",
    "npl",
]


def _cents(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def _at(bank: dict[str, str], name: str, k: int) -> int:
    """A stated part in month number k: where it starts plus k equal steps (a part without a step stays)."""
    return int(bank[name]) * 100 + k * int(bank.get(f"{name}_step", "0")) * 100


def _inclusive(notes: list[tuple[dict[str, str], dict[str, str]]], limit: int) -> int:
    """Small and micro borrowers whose open notes at the bank were granted within the limit."""
    granted: dict[str, int] = defaultdict(int)
    for _, loan in notes:
        granted[loan["enterprise_id"]] += _cents(loan["amount_rmb"])
    return sum(
        _cents(row["balance_rmb"])
        for row, loan in notes
        if loan["borrower_size"] in ("CS03", "CS04") and granted[loan["enterprise_id"]] <= limit
    )


def _note_parts(notes: list[tuple[dict[str, str], dict[str, str]]], limit: int) -> dict[str, int]:
    tests = {
        "enterprise": lambda row, loan: True,
        "tech": lambda row, loan: "true" in (row["tech_enterprise"], loan["tech_use"]),
        "tech_enterprise": lambda row, loan: row["tech_enterprise"] == "true",
        "tech_industry": lambda row, loan: loan["tech_use"] == "true",
        "green": lambda row, loan: loan["green"] == "true",
        "manufacturing": lambda row, loan: loan["manufacturing"] == "true",
        "manufacturing_long_term": lambda row, loan: loan["manufacturing"] == "true" and int(loan["tenor_months"]) > 12,
        "digital": lambda row, loan: loan["digital"] == "true",
        "npl": lambda row, loan: row["grade"] in NPL,
    }
    sums = {
        name: sum(_cents(row["balance_rmb"]) for row, loan in notes if test(row, loan)) for name, test in tests.items()
    }
    return {**sums, "inclusive": _inclusive(notes, limit)}


def bank_month(s: Any, made: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    """Rows by month, bank, scope (PBOC, NFRA) and version."""
    from .build import INCLUSIVE_LIMIT, INCLUSIVE_LIMIT_NFRA, money

    loans = {r["loan_id"]: r for r in made["loan"]}
    notes = defaultdict(list)
    for row in made["loan_balance"]:
        notes[date.fromisoformat(row["month"]), loans[row["loan_id"]]["institution_id"]].append(
            (row, loans[row["loan_id"]])
        )
    out = []
    for k, month in enumerate(s.months):
        for b in s.rows["bank"]:
            bank = b["institution_id"]
            for scope in ("PBOC", "NFRA"):
                for version in ("2024", "2025"):
                    if not VERSION_FROM[version] <= month <= VERSION_TO[version]:
                        continue
                    current = version == ("2025" if month >= BREAK else "2024")
                    if scope == "NFRA" and not current:
                        continue
                    limit = INCLUSIVE_LIMIT[scope, version] if scope == "PBOC" else INCLUSIVE_LIMIT_NFRA
                    line = {f"{p}_loans": v for p, v in _note_parts(notes[month, bank], limit).items()}
                    other = {p: _at(b, f"{p}_other", k) for p in PARTS}
                    if version == "2024":
                        other |= {p: _at(b, f"{p}_other_2024", k) for p in ("tech", "tech_enterprise")}
                    for p in PARTS:
                        line[f"{p}_loans"] += other[p]
                        line[f"{p}_loans_other"] = other[p]
                    for p in ("bill", "household", "overseas"):
                        line[f"{p}_loans"] = _at(b, p, k)
                    line["non_bank_loans"] = _at(b, "non_bank", k) if scope == "PBOC" else 0
                    line["all_loans"] = sum(
                        line[f"{p}_loans"] for p in ("enterprise", "household", "overseas", "non_bank")
                    )
                    for name, extra in PLANTED_GAP.get((bank, month, scope, version), {}).items():
                        line[name] += extra
                    out.append(
                        {
                            "month": month.isoformat(),
                            "institution_id": bank,
                            "reporting_scope": scope,
                            "scope_version": version,
                            "current": "true" if current else "false",
                            **{name: money(v) for name, v in line.items()},
                        }
                    )
    return out
