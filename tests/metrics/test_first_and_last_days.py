"""Which day counts: the first and the last of a period, of a span, of twelve months.

Values follow from the headers of the metrics and the acceptance rows: what is said in words is all that is new.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from acceptance.metrics.dataset import write_group

from metrics.claims import Claim, Moved, claims, like, put
from metrics.views import open_views
from sfbench.metrics import evaluate, records

BONDS = claims(
    Claim(
        says="a year of issues begins the day after the quarter end of the year before and ends on the quarter end",
        metric="sti_bond_coverage",
        period="2025-06-30",
        rows=(
            like("bond", {"bond_id": 9001}, bond_id=9901, enterprise_id=13, issued_on="2025-06-30"),
            like("bond", {"bond_id": 9001}, bond_id=9902, enterprise_id=14, issued_on="2024-06-30"),
        ),
        moves={"issuers": 1, "firm_issuers": 1},
    ),
    Claim(
        says="a manager registered on the quarter end is eligible",
        metric="sti_bond_coverage",
        period="2025-06-30",
        rows=(like("fund_manager", {"manager_id": 3}, manager_id=9901, registered_on="2025-06-30"),),
        moves={"share issuer_type equity_investor": 100 / 6 - 100 / 5},
    ),
    Claim(
        says="a manager struck off on the quarter end is eligible no more",
        metric="sti_bond_coverage",
        period="2025-06-30",
        rows=(put("fund_manager", {"manager_id": 2}, "deregistered_on", "2025-06-30"),),
        moves={"share issuer_type equity_investor": 100 / 4 - 100 / 5},
    ),
    Claim(
        says="a bank founded on the quarter end is eligible",
        metric="sti_bond_coverage",
        period="2025-06-30",
        rows=(like("institution", {"institution_id": 23}, institution_id=9901, founded_on="2025-06-30"),),
        moves={"share issuer_type financial": 100 / 11 - 100 / 10},
    ),
    Claim(
        says="a bond guaranteed on the quarter end is liability of the quarter and an issuer below AA weighs in full",
        metric="guarantee_leverage",
        period="2025-06-30",
        rows=(
            like(
                "bond",
                {"bond_id": 4},
                bond_id=9901,
                issued_on="2025-06-30",
                redeemed_on=None,
                matures_on="2026-06-30",
                amount="10000000.00",
                issuer_rating="AA_MINUS",
            ),
        ),
        moves={"weighted_liability": 0.1},
    ),
)


@BONDS
def test_bonds(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


FUNDS = claims(
    *(
        Claim(
            says=f"a {layer} fund lives from the day it is founded to the day before its end",
            metric=metric,
            period="2025-06-30",
            rows=(
                like("fund", {"fund_id": fund}, fund_id=9901, founded_on="2025-06-30"),
                like("fund", {"fund_id": fund}, fund_id=9902, ends_on="2025-06-30"),
            ),
            moves={count: 1},
        )
        for layer, metric, fund, count in (
            ("warrant", "warrant_fund_scale", 9001, "funds"),
            ("hetao", "hetao_dual_currency_fund", 9004, "sub_funds"),
        )
    ),
    Claim(
        says="a seed fund and a payment of the last day of the year are on the chain",
        metric="fund_chain_balance",
        period="2024-12-31",
        rows=(
            like("fund", {"fund_id": 9001}, fund_id=9901, founded_on="2024-12-31"),
            like("fund_commitment", {"commitment_id": 9005}, commitment_id=9901, fund_id=9901),
            like(
                "capital_call",
                {"commitment_id": 9005, "call_no": 1},
                commitment_id=9901,
                fund_id=9901,
                paid_on="2024-12-31",
                amount="10000000.00",
            ),
        ),
        moves={"seed": 0.1},
    ),
    Claim(
        says="a commitment of the quarter end is one of the quarter",
        metric="hetao_dual_currency_fund",
        period="2025-06-30",
        rows=(
            like(
                "fund_commitment",
                {"commitment_id": 9012},
                commitment_id=9901,
                committed_on="2025-06-30",
                amount="10000000.00",
            ),
            like("fund_commitment", {"commitment_id": 9012}, commitment_id=9902, committed_on="2025-07-01"),
        ),
        moves={"committed_gross": 0.1, "committed": 0.1, "committed_cny": 0.1},
    ),
    Claim(
        says="a deal closed on the quarter end is invested by then",
        metric="hetao_dual_currency_fund",
        period="2025-12-31",
        rows=(
            like(
                "deal",
                {"deal_id": 9006},
                deal_id=9901,
                round_id=9901,
                investee_id=7,
                enterprise_id=7,
                closed_on="2025-12-31",
                amount="10000000.00",
            ),
        ),
        moves={"tech_invested": 0.1, "tech_firms": 1},
    ),
    Claim(
        says="a deal a day more than twelve months after a venture day is not its deal",
        metric="venture_day_conversion",
        period="2024-12-31",
        rows=(put("deal", {"deal_id": 9014}, "closed_on", "2025-10-19"),),  # 2025-10-18 was the last day that counts
        moves={"converted": -1, "conversion": -100 / 3},
    ),
    Claim(
        says="a deal on the day its sponsor founds the platform finances it",
        metric="eco_science_finance",
        period="2025-06-30",
        rows=(
            like(
                "institute",
                {"institute_id": 9005},
                institute_id=9901,
                sponsor_id=28,
                founded_on="2025-06-30",
            ),
            like(
                "deal",
                {"deal_id": 4},
                deal_id=9901,
                round_id=9901,
                investee_id=28,
                enterprise_id=28,
                closed_on="2025-06-30",
                amount="10000000.00",
            ),
        ),
        moves={"platforms": 1, "platforms_financed": 1, "equity": 0.1},
    ),
)


@FUNDS
def test_funds(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


LISTINGS = claims(
    Claim(
        says="a firm listed on the last day of its tag is a tech enterprise",
        metric="new_listings",
        period="2025-12-31",
        rows=(put("enterprise_tag", {"enterprise_id": 7, "tag": "DEMONSTRATION"}, "valid_to", "2025-12-31"),),
        moves={"tech_listings": 0},
    ),
    Claim(
        says="a listing a day more than 36 months after the first step is no conversion",  # of one of four firms
        metric="listing_conversion",
        period="2022-12-31",
        rows=(put("listing", {"enterprise_id": 27, "step": "listed"}, "step_on", "2025-03-02"),),
        moves={"listed_share": -25},
    ),
    Claim(
        says="a firm enters the pipeline with what it filed, be it accepted in another year",
        metric="listing_conversion",
        period="2022-12-31",
        rows=(put("listing", {"enterprise_id": 20, "step": "accepted"}, "step_on", "2023-01-06"),),
        moves={"entered": 0},
    ),
    Claim(
        says="a bond issued a day more than twelve months after the reserve came too late",
        metric="bond_pipeline_conversion",
        period="2024-03-31",
        rows=(put("bond", {"bond_id": 9011}, "issued_on", "2025-02-01"),),
        moves={"issued_amount_share": -100 * 100 / 2280},  # 100 of the 2280 million planned
    ),
)


@LISTINGS
def test_listings_and_programmes(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


@pytest.mark.parametrize("metric", ["sti_bond_variety", "sti_bond_coverage"])
def test_the_scope_of_bonds_is_that_of_2025_from_the_quarter_of_its_first_month_on(metric: str, tmp_path: Path) -> None:
    """It is in force from 2025-05 on; one component is of it alone."""
    rows = records(evaluate(open_views(write_group(tmp_path, "markets")), scale=1.0, metrics=[metric]))
    last_old = {row["component"]: row["scope_version"] for row in rows if str(row["period"]) == "2025-03-31"}
    first_new = {row["component"]: row["scope_version"] for row in rows if str(row["period"]) == "2025-06-30"}
    assert last_old == {part: "2025" if part == "varieties_scope_2025" else "2022" for part in last_old}
    assert first_new == dict.fromkeys(last_old, "2025")
