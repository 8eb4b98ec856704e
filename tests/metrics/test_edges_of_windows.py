"""The edges of windows and spans: sixty months, a quarter of draws, a list, a bond, an office; and small bases."""

from __future__ import annotations

from metrics.claims import Claim, Edit, Moved, claims, like, put

IN_MONTHS = 12 / 365.25


# the third stage of firm 27, the cohort of 2020: first credit came on 2020-11-17, a series A on 2024-01-18
BOND = (like("bond", {"bond_id": 1}, bond_id=9901, enterprise_id=27, issued_on="2025-11-17"),)
ANGEL = like("deal", {"deal_id": 9024}, deal_id=9901, closed_on="2020-11-17", known_on="2020-11-17", stage="angel")


@claims(
    Claim(
        says="a third stage sixty months after the first is passed",
        metric="relay_rate",
        period="2020-12-31",
        rows=BOND,
        moves={"passed": 1, "cohort": 0},
        gives={"rate": 100},
    ),
    Claim(
        says="the way to it is 1157 and 669 days",
        metric="relay_interval",
        period="2020-12-31",
        rows=BOND,
        gives={"intervals": 2, "median": (1157 + 669) / 2 * IN_MONTHS},
    ),
    Claim(
        says="of equity and credit on one day equity comes first",
        metric="relay_rate",
        period="2020-12-31",
        rows=(ANGEL,),  # whose third stage is then the series A
        moves={"passed": 1, "cohort": 0},
        gives={"rate": 100, "rate_equity_first": 100},
    ),
)
def test_sixty_months(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


DRAWN_ON_THE_QUARTER_END = (put("relending_loan", {"loan_id": 9}, "drawn_on", "2025-09-30"),)


@claims(
    Claim(
        says="a draw on the quarter end is one of the quarter",
        metric="relending_leverage",
        period="2025-09-30",
        rows=DRAWN_ON_THE_QUARTER_END,
        gives={"leverage": (20 + 4) / (12 + 2.2)},
    ),
    Claim(
        says="and none of the next",
        metric="relending_leverage",
        period="2025-12-31",
        rows=DRAWN_ON_THE_QUARTER_END,
        gives={"leverage": None},
    ),
    Claim(
        says="a note granted on the day of the push came after no day",  # and note 27 after 115
        metric="relending_days_to_loan",
        period="2024-12-31",
        rows=(put("list_entry", {"entry_id": 2}, "pushed_on", "2024-11-15"),),
        moves={"first_loans": 0},
        gives={"median": 115 / 2},
    ),
    Claim(
        says="an approval on the day of the removal signs nothing",
        metric="relending_list_conversion",
        period="2024-12-31",
        rows=(put("list_entry", {"entry_id": 2}, "removed_on", "2024-11-08"),),
        moves={"signed kind project": -1},
    ),
    Claim(
        says="a note granted on the day on which its project is completed is one of the project",
        metric="key_project_policy_loans",
        period="2025-06-30",
        rows=(put("project", {"project_id": 9003}, "completed_on", "2025-05-12"),),
        moves={"balance": 0.5},
    ),
)
def test_draws_lists_and_projects(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


@claims(
    Claim(
        says="a bond is outstanding to the day before it is redeemed",
        metric="bond_holding_share",
        period="2025-12-31",
        rows=tuple(
            like("bond", {"bond_id": 9010}, bond_id=number, amount="10000000.00", redeemed_on=day)
            for number, day in ((9901, "2025-12-31"), (9902, "2026-01-01"))
        ),
        moves={"outstanding": 0.1},
    ),
    Claim(
        says="one redeemed on the quarter end has no fee in the stock",  # bonds 3, 9003, 9007 and 9011 are left
        metric="bond_guarantee_fee",
        period="2025-12-31",
        rows=(put("bond", {"bond_id": 9010}, "redeemed_on", "2025-12-31"),),
        gives={"fee_outstanding": (300 * 0.80 + 200 * 0.90 + 80 * 0.60 + 100 * 0.85) / (300 + 200 + 80 + 100)},
    ),
    Claim(
        says="and is no liability of its guarantor",
        metric="guarantee_leverage",
        period="2025-12-31",
        rows=(put("bond", {"bond_id": 4}, "redeemed_on", "2025-12-31"),),
        moves={"weighted_liability": 0},
    ),
    Claim(
        says="one in default that was to be redeemed is a liability of its guarantor",
        metric="guarantee_leverage",
        period="2025-12-31",
        rows=(like("bond", {"bond_id": 4}, bond_id=9904, matures_on="2025-06-30", redeemed_on=None),),
        moves={"weighted_liability": 0.8 * 2},  # CNY 200 million of an issuer rated AA
    ),
    Claim(
        says="a quota is in force from the day of its approval to the day before its replacement",
        metric="qflp_inflow",
        period="2025-06-30",
        rows=(
            like("qflp", {"quota_id": 9001}, quota_id=9901, approved_on="2025-06-30", quota_usd="10000000.00"),
            like("qflp", {"quota_id": 9001}, quota_id=9902, replaced_on="2025-06-30", quota_usd="20000000.00"),
        ),
        moves={"quota": 0.1},
    ),
    Claim(
        says="a programme whose first bond came a day more than twelve months after its reserve is late",
        metric="bond_pipeline_conversion",
        period="2024-03-31",
        rows=(put("bond_pipeline", {"pipeline_id": 9008}, "first_issued_on", "2025-01-03"),),
        moves={"issued_share": -100 / 5},  # of programmes 6, 9002, 9003, 9004 and 9008
    ),
)
def test_bonds_and_quotas(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


@claims(
    Claim(
        says="a firm dissolved on the quarter end is on the board no more",
        metric="srdi_board_firms",
        period="2025-12-31",
        rows=(put("enterprise", {"enterprise_id": 10}, "dissolved_on", "2025-12-31"),),
        moves={"firms": -1, "joined": 0},
    ),
    Claim(
        says="a team in an outlet opened on the quarter end is there",
        metric="tech_branch_count",
        period="2025-06-30",
        rows=(like("branch", {"branch_id": 9017}, branch_id=9901, opened_on="2025-06-30"),),
        moves={"teams": 1, "staff": 8},
    ),
    Claim(
        says="a leader whose link begins on the quarter end leads",
        metric="chain_leader_rd_loans",
        period="2025-06-30",
        rows=(put("chain_link", {"link_id": 9002}, "valid_from", "2025-06-30"),),
        moves={"leaders chain nev": 0, "balance chain nev": 0},
    ),
    Claim(
        says="what was drawn on the quarter end is drawn by then",
        metric="tengfei_loans",
        period="2025-06-30",
        rows=(put("loan", {"loan_id": 9005}, "granted_on", "2025-06-30"),),
        moves={"drawn_amount": 0},
    ),
    Claim(
        says="a cover that ends on the first day of the year covers a firm in it",
        metric="insurance_stage_coverage",
        period="2025-12-31",
        rows=(like("insurance_policy", {"policy_id": 9017}, policy_id=9901, enterprise_id=24, ends_on="2025-01-01"),),
        moves={"coverage_during_year": 100 / 16, "coverage": 0},
    ),
    Claim(
        says="a note of sixty-one months is long-term",
        metric="policy_bank_long_term_share",
        period="2025-06-30",
        rows=(put("loan", {"loan_id": 9032}, "tenor_months", 61),),
        moves={"long_balance": 1},
    ),
    Claim(
        says="ten incidents contained day after day are half open on the fifth and a tenth on the ninth",
        metric="incident_resolution_days",
        period="2024-09-30",
        rows=tuple(
            like(
                "risk_incident",
                {"incident_id": 9007},
                incident_id=9900 + days,
                found_on="2024-08-01",
                contained_on=f"2024-08-{days + 1:02}",
            )
            for days in range(1, 11)
        ),
        gives={"median_days": 5.5, "p90_days": 9.1, "km_median_days": 5, "km_p90_days": 9, "open_incidents": 0},
    ),
    Claim(
        says="a stake bought on the last day of the year covers a firm that owes nothing",
        metric="stage_coverage",
        period="2024-12-31",
        rows=(
            like(
                "deal",
                {"deal_id": 9009},
                deal_id=9901,
                round_id=9901,
                investee_id=9002,
                enterprise_id=9002,
                closed_on="2024-12-31",
            ),
        ),
        moves={"covered": 1},
    ),
    Claim(
        says="a stake sold on it covers none",
        metric="stage_coverage",
        period="2025-12-31",
        rows=(like("fund_exit", {"exit_id": 9002}, exit_id=9901, deal_id=9009, exited_on="2025-12-31"),),
        moves={"covered": -1},
    ),
    Claim(
        says="a transfer of a month that the calendar lacks is in dollars of the quarter end",
        metric="kehuitong_amount",
        period="2025-12-31",
        rows=({"op": "delete", "table": "month", "key": {"month": "2025-10-31"}},),
        moves={"amount": 2126400 / 7.0288 - 2126400 / 7.0880},
    ),
)
def test_firms_notes_and_incidents(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


def insured(day: str, number: int, premium: int) -> Edit:
    return like("insurance_policy", {"policy_id": 5}, policy_id=number, written_on=day, premium=f"{premium}000000.00")


FIVEFOLD = insured("2025-06-20", 9999, 50)  # of a base of ten; chip_property has 0.2 million besides
GROWN = 100 * (50.2 / 10 - 1)


@claims(
    Claim(
        says="growth from ten million is not capped",
        metric="strategic_emerging_loan_growth",
        period="2025-06-30",
        rows=(  # class SE08, besides 2 million in 2024-06 and 1.8 million a year later
            put("loan_balance", {"loan_id": 42, "month": "2024-06-30"}, "balance_rmb", "8000000.00"),
            put("loan_balance", {"loan_id": 9007, "month": "2025-06-30"}, "balance_rmb", "100000000.00"),
        ),
        gives={"growth se_class SE08": 100 * (101.8 / 10 - 1)},
    ),
    Claim(
        says="growth from five policies and ten million is not",
        metric="insurance_cover",
        period="2025-12-31",
        rows=(FIVEFOLD, *(insured("2024-06-20", 9990 + n, 2) for n in range(5))),
        gives={"premium_yoy line chip_property": GROWN},
    ),
    Claim(
        says="growth from four policies is capped",
        metric="insurance_cover",
        period="2025-12-31",
        rows=(FIVEFOLD, insured("2024-06-20", 9990, 4), *(insured("2024-06-20", 9990 + n, 2) for n in range(1, 4))),
        gives={"premium_yoy line chip_property": 300},
    ),
    Claim(
        says="growth from five policies and nine million is capped",
        metric="insurance_cover",
        period="2025-12-31",
        rows=(FIVEFOLD, insured("2024-06-20", 9990, 1), *(insured("2024-06-20", 9990 + n, 2) for n in range(1, 5))),
        gives={"premium_yoy line chip_property": 300},
    ),
)
def test_small_bases(claim: Claim, moved: Moved) -> None:
    moved.check(claim)
