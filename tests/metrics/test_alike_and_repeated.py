"""Two things that are alike are two, and one thing that many rows tell of is one."""

from __future__ import annotations

from typing import Any

from metrics.claims import Claim, Edit, Moved, claims, like, put


def twice(table: str, key: dict[str, Any], number: str, **cells: Any) -> tuple[Edit, Edit]:
    """Two new rows that differ in their number only."""
    return like(table, key, **cells | {number: 9901}), like(table, key, **cells | {number: 9902})


CALL = {"commitment_id": 9006, "call_no": 1}  # of the seed fund 9001


@claims(
    Claim(
        says="two bonds of one size on one day are financing twice",
        metric="five_channel_financing",
        period="2025-12-31",
        rows=twice("bond", {"bond_id": 1}, "bond_id", issued_on="2025-11-20", amount="10000000.00"),
        moves={"gross": 0.2, "gross channel bond": 0.2},
    ),
    Claim(
        says="so are two loans of funds",
        metric="five_channel_financing",
        period="2025-12-31",
        rows=twice(
            "deal",
            {"deal_id": 9006},
            "deal_id",
            investee_id=19,
            enterprise_id=19,
            investee_tech=True,
            round_id=None,
            round_amount="0.00",
            closed_on="2025-11-20",
            amount="1000000.00",
        ),
        moves={"gross channel equity": 0.02},
    ),
    Claim(
        says="two bonds of one guarantor weigh twice",
        metric="guarantee_leverage",
        period="2025-06-30",
        rows=twice(
            "bond",
            {"bond_id": 4},
            "bond_id",
            issued_on="2025-05-20",
            redeemed_on=None,
            matures_on="2026-05-20",
            amount="10000000.00",
        ),
        moves={"weighted_liability": 2 * 0.8 * 0.1},
    ),
    Claim(
        says="two bonds of one size with a guarantor are enhanced twice",
        metric="bond_enhancement_cover",
        period="2025-12-31",
        rows=twice("bond", {"bond_id": 9003}, "bond_id", issued_on="2025-11-20", amount="10000000.00"),
        moves={"enhanced_amount": 0.2, "enhanced_amount enhancement_kind guarantor": 0.2},
    ),
    Claim(
        says="two commitments and two payments of one size are two to a warrant fund",
        metric="warrant_fund_scale",
        period="2025-12-31",
        rows=(
            *twice("fund_commitment", {"commitment_id": 9004}, "commitment_id", committed_on="2025-11-20"),
            *twice("capital_call", {"commitment_id": 9001, "call_no": 1}, "commitment_id", paid_on="2025-11-20"),
        ),
        moves={"committed": 2 * 0.6, "paid_in": 2 * 0.4},
    ),
    Claim(
        says="and to the chain of funds",
        metric="fund_chain_balance",
        period="2024-12-31",
        rows=(
            *twice("fund_commitment", {"commitment_id": 9006}, "commitment_id"),
            *twice("capital_call", CALL, "commitment_id", paid_on="2024-11-20", amount="10000000.00"),
        ),
        moves={"seed": 0.2},
    ),
    Claim(
        says="two notes of one balance are secured by data twice",
        metric="data_asset_pledge_loans",
        period="2025-09-30",
        rows=(put("loan_balance", {"loan_id": 9014, "month": "2025-09-30"}, "balance_rmb", "15000000.00"),),
        moves={"balance": 0.07, "loans_outstanding": 0},  # 8 becomes 15, as note 9012 of the same bank owes
    ),
    Claim(
        says="two notes of one size on one day finance a platform twice",
        metric="eco_science_finance",
        period="2025-09-30",
        rows=(like("loan", {"loan_id": 9007}, loan_id=9901),),
        moves={"loans_granted": 0.09},
    ),
    Claim(
        says="two mergers of one price on one day are two",
        metric="listed_mergers",
        period="2025-12-31",
        rows=twice("merger", {"merger_id": 9004}, "merger_id", agreed_on="2025-11-03", closed_on="2025-11-20"),
        moves={"deals": 2, "value": 0.24, "agreed_deals": 2, "agreed_value": 0.24},
    ),
    Claim(
        says="two agreements with a bank on one day are two",
        metric="loan_direct_investment_cases",
        period="2025-12-31",
        rows=twice(
            "investment_link", {"link_id": 9002}, "link_id", agreed_on="2025-11-20", linked_on=None, deal_id=None
        ),
        moves={"agreements": 2, "pairs": 0},
    ),
    Claim(
        says="two claims of one size on the risk pool are filed and paid twice",
        metric="risk_pool_cover",
        period="2025-12-31",
        rows=twice(
            "risk_claim",
            {"claim_id": 3},
            "claim_id",
            filed_on="2025-10-15",
            decided_on="2025-11-12",
            paid_on="2025-11-28",
        ),
        moves={"npl_filed": 0.1, "compensation": 0.04},
    ),
)
def test_alike(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


LEFT, LISTED = {"enterprise_id": 19, "step": "neeq_left"}, {"enterprise_id": 20, "step": "listed"}
CHAMPION = {"enterprise_id": 6, "tag": "CHAMPION"}  # from 2023-11-01 to 2026-10-31
FACILITY, DEBT = {"facility_id": 1}, {"enterprise_id": 12, "quarter": "2025-06-30"}


@claims(
    Claim(
        says="a firm with two facilities is one firm and one borrower",
        metric="cross_border_quota_use",
        period="2025-06-30",
        rows=(
            like("cross_border_facility", FACILITY, facility_id=9901),
            like("cross_border_debt", DEBT, facility_id=9901),
        ),
        moves={"firms": 0, "borrowers": 0, "quota": 0.1, "debt": 0.06},
    ),
    Claim(
        says="a manager with a quota for each fund is one manager",
        metric="qflp_inflow",
        period="2025-06-30",
        rows=(like("qflp", {"quota_id": 9001}, quota_id=9901, quota_usd="10000000.00"),),
        moves={"managers": 0, "quota": 0.1},
    ),
    Claim(
        says="a note on two reports from across the border is one note",
        metric="cross_border_credit_reports",
        period="2025-06-30",
        rows=(like("cross_border_report", {"report_id": 1}, report_id=9901, decided_on="2025-04-20"),),
        moves={"granted": 1, "loan_amount": 0},
    ),
    Claim(
        says="a firm that is listed again was newly listed once",
        metric="new_listings",
        period="2025-03-31",
        rows=(like("listing", {"enterprise_id": 2, "step": "listed"}, step_no=5, board="HKEX", step_on="2025-03-12"),),
        moves={"listings": 0},
    ),
    Claim(
        says="and in the quarter of its first listing",
        metric="new_listings",
        period="2024-03-31",
        rows=(like("listing", {"enterprise_id": 2, "step": "listed"}, step_no=5, board="HKEX", step_on="2025-03-12"),),
        moves={"listings": 0},
    ),
    Claim(
        says="a firm that left the upper layer and is quoted again stands in the base layer",
        metric="neeq_quotations",
        period="2025-12-31",
        rows=(
            like("listing", LEFT, enterprise_id=33, step_no=3, step_on="2025-03-14"),
            like("listing", {"enterprise_id": 33, "step": "neeq"}, step_no=4, step_on="2025-09-19"),
        ),
        moves={"stock": 0, "stock tier base": 1, "stock tier upper": -1},
    ),
    Claim(
        says="what a listing raises counts beside a round of the quarter",
        metric="five_channel_financing",
        period="2025-12-31",
        rows=(put("listing", {"enterprise_id": 22, "step": "financed"}, "step", "listed"),),  # round 9026 is of 12-05
        moves={"gross channel equity": 0.12},
    ),
    Claim(
        says="a firm with two first notes in the quarter is one borrower for the first time",
        metric="startup_loans",
        period="2025-06-30",
        rows=(like("loan", {"loan_id": 9010}, loan_id=9901),),
        moves={"firms": 0, "firms_new": 0, "first_time_share": 0, "amount": 0.005},
    ),
    Claim(
        says="a leader of one chain that supplies another is a supplier",
        metric="chain_coverage",
        period="2025-06-30",
        rows=(like("chain_link", {"link_id": 9007}, link_id=9901, enterprise_id=6),),
        gives={"supplier_coverage": 100 * 3 / 6},  # 5, 1 and 13 owe, of 10, 1, 13, 5, 33 and now 6
    ),
    Claim(
        says="a supplier of two leaders of a chain owes once",
        metric="chain_loan_balance",
        period="2025-06-30",
        rows=tuple(like("chain_link", {"link_id": link}, link_id=link + 900, leader_id=22) for link in (9003, 9005)),
        moves={"member_balance": 0, "member_balance chain electronics": 0},
    ),
    Claim(
        says="a firm on a list twice is on it until both entries are removed",
        metric="list_contact_rate",
        period="2025-06-30",
        rows=(put("list_entry", {"entry_id": 9006}, "removed_on", "2025-03-01"),),
        moves={"listed": 0},
    ),
    Claim(
        says="a firm listed twice in its 36 months entered once",
        metric="listing_conversion",
        period="2022-12-31",
        rows=(
            like(
                "listing", {"enterprise_id": 20, "step": "listed"}, step_no=4, board="SZSE_MAIN", step_on="2024-05-20"
            ),
        ),
        moves={"entered": 0, "listed_share": 0},
    ),
    Claim(
        says="two notes of one contract in a quarter are one loan",
        metric="funds_flow_loans",
        period="2025-06-30",
        rows=(put("loan", {"loan_id": 9051}, "granted_on", "2025-05-21"),),
        moves={"loans": 0, "first_loans": 0, "amount": 0.01, "first_amount": 0.01},
    ),
    Claim(
        says="a note secured by data, too, is still secured by intellectual property",
        metric="innovation_product_loans",
        period="2025-06-30",
        rows=(put("collateral", {"collateral_id": 9003}, "kind", "data_asset"),),
        moves={
            "balance_by_pledge": 0,
            "balance_by_pledge product ip_pledge": 0,
            "balance_by_pledge product data_pledge": 0.25,
        },
    ),
    Claim(
        says="a sponsor's finance counts from its first platform on",
        metric="eco_science_finance",
        period="2025-12-31",
        rows=(
            put("institute", {"institute_id": 9002}, "founded_on", "2025-12-01"),
            like("loan", {"loan_id": 9007}, loan_id=9901, granted_on="2025-10-20"),
        ),
        moves={"platforms": 0, "loans_granted": 0.09},
    ),
    Claim(
        says="a tag held by three spans that overlap is held once",
        metric="tech_enterprise_loan_balance",
        period="2025-06-30",
        rows=(
            like("enterprise_tag", CHAMPION, valid_from="2023-12-01", valid_to="2024-01-31"),
            like("enterprise_tag", CHAMPION, valid_from="2024-06-01", valid_to="2027-01-01"),
        ),
        moves={"balance tag CHAMPION": 0},
    ),
)
def test_repeated(claim: Claim, moved: Moved) -> None:
    moved.check(claim)
