"""Which day counts: for who is on a list or holds a tag, for what is asked, decided, insured and found."""

from __future__ import annotations

from metrics.claims import Claim, Edit, Moved, claims, like, put


def tag(firm: int, code: str, *days: str) -> Edit:
    """A tag in scope, valid from and to and published on these days."""
    start, end, published = days
    cells = {"enterprise_id": firm, "tag": code, "valid_from": start, "valid_to": end, "published_on": published}
    return like("enterprise_tag", {"enterprise_id": 4, "tag": "SRDI"}, **cells)


CHAMPION = {"enterprise_id": 6, "tag": "CHAMPION"}  # from 2023-11-01 to 2026-10-31


@claims(
    Claim(
        says="a tag published before it is valid counts from the day it is",
        metric="sti_bond_coverage",
        period="2025-06-30",
        rows=(tag(25, "SRDI", "2025-07-01", "2028-06-30", "2025-06-15"),),
        moves={"share issuer_type tech_firm": 0},
    ),
    Claim(
        says="a tag that two spans hold on one day is held once",
        metric="tech_enterprise_loan_balance",
        period="2025-06-30",
        rows=(
            put("enterprise_tag", CHAMPION, "valid_to", "2025-06-30"),
            tag(6, "CHAMPION", "2025-06-30", "2028-06-29", "2025-06-30"),
        ),
        moves={"balance tag CHAMPION": 0},
    ),
    Claim(
        says="a firm that holds another tag from the last day of one is one firm on it",
        metric="sti_bond_coverage",
        period="2024-09-30",
        rows=(
            tag(4, "HNTE", "2021-10-01", "2024-09-30", "2021-10-20"),
            put("enterprise_tag", {"enterprise_id": 4, "tag": "SRDI"}, "valid_from", "2024-09-30"),
        ),
        moves={"share issuer_type tech_firm": 0},
    ),
    Claim(
        says="a firm whose two tags overlap has no day between them without one",
        metric="sti_bond_coverage",
        period="2025-06-30",
        rows=(tag(4, "HNTE", "2022-06-30", "2025-06-29", "2022-07-20"),),
        moves={"share": 0, "share issuer_type tech_firm": 0},
    ),
    Claim(
        says="a firm is there on the day before it is dissolved",
        metric="carbon_account_coverage",
        period="2025-12-31",
        rows=(put("enterprise", {"enterprise_id": 27}, "dissolved_on", "2026-01-01"),),
        moves={"accounts": 0},
    ),
    Claim(
        says="a case opened on the one day of a tag is on a tech loan",
        metric="accountability_exemption_rate",
        period="2025-12-31",
        rows=(tag(25, "SRDI", "2025-05-10", "2025-05-10", "2025-05-10"),),
        gives={"rate_tech": 100 / 2},  # of case 9002, exempted, and now 9001, exempted in part
    ),
    Claim(
        says="a request that begins on the day of the removal is none of the list's",
        metric="list_contact_rate",
        period="2024-09-30",
        rows=(put("list_entry", {"entry_id": 9003}, "removed_on", "2024-07-26"),),
        moves={"rate_ever": -100 / 7},  # firms 1, 2, 3, 5, 10 and projects 9001, 9004
    ),
    Claim(
        says="a bank founded on the last day of the year is one of the year",
        metric="incentive_adoption",
        period="2025-12-31",
        rows=(like("institution", {"institution_id": 23}, institution_id=9901, founded_on="2025-12-31"),),
        gives={"adoption": 100 * 5 / 9},  # banks 1, 5, 11, 12 and 37 of nine
    ),
)
def test_firms_and_banks(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


QUERY = {"query_id": 9007}  # its own request was granted on 2024-11-12


@claims(
    Claim(
        says="a note of the query's request 90 days after it is linked",
        metric="platform_conversion",
        period="2024-09-30",
        rows=(put("credit_report", QUERY, "queried_on", "2024-08-14"),),
        gives={"rate_linked": 100},
    ),
    Claim(
        says="one 91 days after it is not",
        metric="platform_conversion",
        period="2024-09-30",
        rows=(put("credit_report", QUERY, "queried_on", "2024-08-13"),),
        gives={"rate_linked": 50},
    ),
    Claim(
        says="one on the day of the query is",
        metric="platform_conversion",
        period="2024-12-31",
        rows=(put("credit_report", QUERY, "queried_on", "2024-11-12"),),
        gives={"rate_linked": 100},
    ),
    Claim(
        says="one of the day before is not",
        metric="platform_conversion",
        period="2024-12-31",
        rows=(put("credit_report", QUERY, "queried_on", "2024-11-13"),),
        gives={"rate_linked": 0},
    ),
    Claim(
        says="the requests of a ledger's notes are signed with the first of them",
        metric="relending_loan_balance",
        period="2024-01-31",
        rows=(like("relending_loan", {"loan_id": 46}, loan_id=45, entered_on="2024-02-20"),),
        moves={"signed": 0, "issued": 0},
    ),
    Claim(
        says="a note is secured by data from its first pledge on",
        metric="data_asset_pledge_loans",
        period="2025-06-30",
        rows=(put("collateral", {"collateral_id": 9004}, "secured_on", "2025-08-13"),),
        moves={"balance": 0, "loans_outstanding": 0},
    ),
)
def test_queries_and_notes(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


@claims(
    Claim(
        says="an alert of the month before comes ahead",
        metric="alert_precision_recall",
        period="2025-12-31",
        rows=(put("risk_alert", {"alert_id": 9017}, "raised_on", "2025-03-31"),),  # default at the end of 2025-04
        moves={"recall": 0, "recall_ahead": 0, "recall_ahead rule STAFF_FALL": 0},
    ),
    Claim(
        says="a bank's alert on a firm in default at another bank is judged",
        metric="alert_precision_recall",
        period="2024-12-31",
        rows=(put("risk_alert", {"alert_id": 9015}, "raised_on", "2024-07-10"),),
        moves={"alerts": 0, "alerts rule LITIGATION": 0},
    ),
    Claim(
        says="an incident contained on the last day of the data is contained",
        metric="incident_resolution_days",
        period="2025-12-31",
        rows=(put("risk_incident", {"incident_id": 9009}, "contained_on", "2026-02-28"),),
        moves={"open_incidents": -1},
    ),
    Claim(
        says="a practice adopted on the last day of the year is adopted in it",
        metric="practice_replication",
        period="2025-12-31",
        rows=(put("practice", {"practice_id": 9004}, "adopted_on", "2025-12-31"),),
        moves={"adopted": 1},
        gives={"adoption_rate": 100 * 4 / 5},
    ),
    Claim(
        says="a loss of the last day of the year that is reported at once is of the accident year",
        metric="insurance_loss_ratio",
        period="2025-12-31",
        rows=(
            put("insurance_claim", {"claim_id": 3}, "occurred_on", "2025-12-31"),
            put("insurance_claim", {"claim_id": 3}, "reported_on", "2025-12-31"),
        ),
        moves={"incurred": 0, "loss_ratio_accident_year": 0},
    ),
)
def test_alerts_incidents_and_losses(claim: Claim, moved: Moved) -> None:
    moved.check(claim)
