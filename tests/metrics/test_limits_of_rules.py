"""Limits that rules set: what is just within, and what is just beyond."""

from __future__ import annotations

from typing import Any

from metrics.claims import Claim, Edit, Moved, claims, like, put


def guarantee(number: int, **cells: Any) -> tuple[Edit, ...]:
    return tuple(put("guarantee", {"guarantee_id": number}, column, value) for column, value in cells.items())


def breaches(says: str, metric: str, period: str, by: int, *rows: Edit) -> Claim:
    return Claim(says=says, metric=metric, period=period, rows=rows, moves={"breaches": by})


PLAN = "guarantee_share_compliance"


@claims(
    breaches(
        "a national share of 36 % is beyond a contract of class B",
        PLAN,
        "2024-12-31",
        1,
        *guarantee(3, share_national="36.00000", share_guarantor="24.00000"),
    ),
    breaches(
        "what was released on the day another contract starts is not in the firm's 30 million",  # 20 and 12
        PLAN,
        "2025-09-30",
        -1,
        *guarantee(9041, released_on="2025-08-19"),
    ),
    breaches("what was released a day later is", PLAN, "2025-12-31", 0, *guarantee(9041, released_on="2025-08-20")),
    breaches(
        "a programme's cap is of the firm's subsidies of one year",  # firm 5 has 200,000 of 2025
        "insurance_subsidy_rate",
        "2025-12-31",
        0,
        like("insurance_subsidy", {"policy_id": 9012}, policy_id=9003, enterprise_id=5, amount="10000.00"),
    ),
    breaches(
        "a cent above it makes a breach of each of them",
        "insurance_subsidy_rate",
        "2025-12-31",
        2,
        put("insurance_subsidy", {"policy_id": 2}, "amount", "50000.01"),
    ),
    breaches(
        "new equipment gets 80 % of the premium where that is less than 3 % of the sum",
        "insurance_subsidy_rate",
        "2025-12-31",
        1,
        put("insurance_subsidy", {"policy_id": 4}, "amount", "1152000.01"),
    ),
    breaches(
        "and of 3 % of the sum where that is less",
        "insurance_subsidy_rate",
        "2024-12-31",
        1,
        put("insurance_policy", {"policy_id": 9009}, "sum_insured", "20000000.00"),
    ),
    breaches(
        "a fourth year of support is one too many",
        "insurance_subsidy_rate",
        "2025-12-31",
        1,
        put("insurance_policy", {"policy_id": 9010}, "support_year", 4),
    ),
)
def test_breaches(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


def tolerance(value: str | None) -> Edit:
    return put("institution_year", {"institution_id": 76, "year": 2025}, "claim_tolerance", value)


# guarantor 76 released 3.2 and 4 million in 2025 and paid 3 and 0.2 of them; with 0.6 it is a half
HALF = guarantee(9056, compensated_amount="600000.00")


@claims(
    Claim(
        says="claims of just the tolerance are not above it",
        metric="guarantor_tolerance_use",
        period="2025-12-31",
        rows=(*HALF, tolerance("50.00000")),
        moves={"above": -1},
        gives={"gap guarantor 76": 0},
    ),
    Claim(
        says="a guarantor without a tolerance is left out",
        metric="guarantor_tolerance_use",
        period="2025-12-31",
        rows=(tolerance(None),),
        moves={"above": -1},
        gives={"claim_rate": 100 * 0.9 / (33.3 + 37)},  # 75 released 12, 10.5, 10 and 0.8 million, 79 30, 6 and 1
    ),
    Claim(
        says="a note that is worth more than at its grant leaves the guarantee whole",
        metric="guarantee_balance",
        period="2025-06-30",
        rows=(put("loan_balance", {"loan_id": 12, "month": "2025-06-30"}, "balance_rmb", "11000000.00"),),
        moves={"balance": 0, "balance_outstanding": 0},
    ),
    *(
        Claim(
            says=f"a bond of an issuer rated {rating} weighs 80 percent",
            metric="guarantee_leverage",
            period="2025-06-30",  # bond 4 is of 200 million
            rows=(put("bond", {"bond_id": 4}, "issuer_rating", rating),),
            moves={"weighted_liability": 0},
        )
        for rating in ("AAA", "AA_PLUS")
    ),
    Claim(
        says="a contract on more than a bond covers the bond and no more",  # bonds 1, 3, 6 and 9002 of 3350 million
        metric="bond_enhancement_cover",
        period="2025-06-30",
        rows=(put("credit_protection", {"protection_id": 2}, "notional", "2000000000.00"),),
        gives={
            "covered_share": 100 * (300 + 300 + 1500 + 80) / 3350,
            "covered_share enhancement_kind CONTRACT": 100 * 1500 / 3350,
        },
    ),
)
def test_guarantors(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


def overdue(days: int) -> tuple[Edit, ...]:
    """Note 9002, the one overdue tech note of bank 12."""
    return (put("loan_balance", {"loan_id": 9002, "month": "2025-06-30"}, "overdue_days", days),)


@claims(
    Claim(
        says="91 days overdue are more than 90",
        metric="tech_npl_ratio",
        period="2025-06-30",
        rows=overdue(91),
        moves={"overdue_90_ratio": 0},
    ),
    Claim(
        says="90 days are not",
        metric="tech_npl_ratio",
        period="2025-06-30",
        rows=overdue(90),
        gives={"overdue_90_ratio bank 12": 0},
    ),
    Claim(
        says="a note of thirteen months is long-term",
        metric="manufacturing_long_term_share",
        period="2025-06-30",
        rows=(put("loan", {"loan_id": 35}, "tenor_months", 13),),
        gives={"share_notes bank 57": 100 * 8 / 9.5},  # of it and note 9010
    ),
    Claim(
        says="notes of a policy product for R&D are matched with the cycle",
        metric="tenor_rd_cycle_match",
        period="2025-09-30",
        rows=(
            put("product", {"product_id": 24}, "code", "policy_tech_rd"),
            put("loan", {"loan_id": 9008}, "purpose", "流动资金"),
        ),
        moves={"loans": 0},
    ),
    *(
        Claim(
            says=f"a note used in {industry} is one of farming",
            metric="agri_tech_loans",
            period="2025-06-30",
            rows=(
                like("industry", {"industry_code": "C276"}, industry_code=industry, division=industry[:3]),
                put("loan", {"loan_id": 9053}, "use_industry", industry),
            ),
            moves={"agri_balance": 0, "balance": 0},
        )
        for industry in ("C262", "C263", "C357")
    ),
    Claim(
        says="a floating note on another benchmark is left out of the change of rates",  # note 14, of 35 million
        metric="equity_linked_growth_pricing",
        period="2025-12-31",
        rows=(put("loan", {"loan_id": 14}, "benchmark", "TR07"),),
        gives={"rate_change": -(15 * 10 + 8 * 10 + 7 * 50 + 10 * 55) / (15 + 8 + 7 + 10 + 20 + 25 + 18 + 10)},
    ),
    Claim(
        says="the benchmark moves no note before it is repriced",  # note 3 is in 2026
        metric="equity_linked_growth_pricing",
        period="2025-12-31",
        rows=(put("loan", {"loan_id": 3}, "benchmark_rate", "3.10000"),),
        moves={"rate_change": 0, "benchmark_change": 0},
    ),
    Claim(
        says="a bulletin may be revised",
        metric="release_timeliness",
        period="2024-06-30",
        rows=(put("data_release", {"release_id": 9004}, "revised_on", "2024-05-20"),),
        moves={"revisions": 1},
    ),
    *(
        Claim(
            says=f"{instrument} shares are equity of a sponsor",
            metric="eco_science_finance",
            period="2025-06-30",
            rows=(
                like("institute", {"institute_id": 9005}, institute_id=9901, sponsor_id=28, founded_on="2025-06-30"),
                like(
                    "deal",
                    {"deal_id": 4},
                    deal_id=9901,
                    round_id=9901,
                    enterprise_id=28,
                    closed_on="2025-06-30",
                    instrument=instrument,
                    amount="10000000.00",
                ),
            ),
            moves={"equity": 0.1},
        )
        for instrument in ("common", "convertible")
    ),
)
def test_notes(claim: Claim, moved: Moved) -> None:
    moved.check(claim)
