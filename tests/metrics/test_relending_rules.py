"""Who may have a relending loan: on the list, with the tags and the size of the lot, on the day of the grant.

Ledger notes that are judged: 11 (lot EQ2024, granted 2024-11-15 to firm 4 for its project 1) and 27 (FL2024, firm 10)
in 2024Q4; 16 (TI2022, granted 2024-01-18 to firm 6, which holds CHAMPION alone) and 46 in 2024Q1; 49, 9 and 9001
(EQ2024, six months) in 2025Q3; 15 (TS2025, firm 5, medium and private) and 9005 in 2025Q4.
"""

from __future__ import annotations

from typing import Any

from metrics.claims import Claim, Edit, Moved, claims, like, put


def broken(says: str, period: str, by: int, *rows: Edit, **rates: float) -> Claim:
    """So many notes more break a rule."""
    return Claim(says=says, metric="relending_misuse_rate", period=period, rows=rows, moves={"broken": by, **rates})


def entry(**cell: Any) -> Edit:
    """The push of firm 4."""
    return put("list_entry", {"entry_id": 2}, *cell.popitem())


def tag(**cell: Any) -> Edit:
    """The one tag of firm 6."""
    return put("enterprise_tag", {"enterprise_id": 6, "tag": "CHAMPION"}, *cell.popitem())


def project(**cell: Any) -> Edit:
    """The project of firm 4."""
    return put("project", {"project_id": 1}, *cell.popitem())


def note(loan: int, **cells: Any) -> tuple[Edit, ...]:
    return tuple(put("loan", {"loan_id": loan}, column, value) for column, value in cells.items())


def lot(loan: int, code: str) -> Edit:
    return put("relending_loan", {"loan_id": loan}, "lot", code)


@claims(
    broken("pushed on the day of the grant is on the list", "2024-12-31", 0, entry(pushed_on="2024-11-15")),
    broken("pushed the day after is not", "2024-12-31", 1, entry(pushed_on="2024-11-16"), borrower_rate=50),
    broken("removed on the day of the grant is off the list", "2024-12-31", 1, entry(removed_on="2024-11-15")),
    broken("another list is not the relending list", "2024-12-31", 1, entry(list="tech_firm"), borrower_rate=50),
)
def test_the_list(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


@claims(
    broken("a tag published on the day of the grant counts", "2024-03-31", 0, tag(published_on="2024-01-18")),
    broken("a tag published the day after does not", "2024-03-31", 1, tag(published_on="2024-01-19")),
    broken("a tag that ended the day before does not", "2024-03-31", 1, tag(valid_to="2024-01-17")),
    *(
        broken(f"{code} is a tag of the lot of 2022", "2024-03-31", 0, tag(tag=code))
        for code in ("LITTLE_GIANT", "DEMONSTRATION")
    ),
    broken("TECH_SME is none", "2024-03-31", 1, tag(tag="TECH_SME")),
)
def test_the_tags(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


@claims(
    broken("a large firm with a tag is not for the first-loan lot", "2024-12-31", 1, *note(27, borrower_size="CS01")),
    broken("a medium state firm is not", "2025-12-31", 1, lot(15, "PR2026"), *note(15, borrower_ownership="A0101")),
    broken("a large private firm is not", "2025-12-31", 1, lot(15, "PR2026"), *note(15, borrower_size="CS01")),
)
def test_size_and_owners(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


@claims(
    broken("twelve months are long enough", "2025-09-30", -1, *note(9001, tenor_months=12), tenor_rate=-100 / 3),
)
def test_the_tenor(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


@claims(
    broken("a project of another kind renews nothing", "2024-12-31", 1, project(kind="key"), use_rate=50),
    broken("one approved the day after is not", "2024-12-31", 1, project(approved_on="2024-11-16")),
    broken("one completed on the day of the grant is", "2024-12-31", 0, project(completed_on="2024-11-15")),
    broken("one completed the day before is not", "2024-12-31", 1, project(completed_on="2024-11-14")),
    broken(
        "finance is no use",
        "2025-09-30",
        1,
        put("industry", {"industry_code": "I655"}, "section", "J"),
        use_rate=100 / 3,
    ),
    broken("an unknown use is not judged", "2025-09-30", 0, *note(49, use_industry=None), matched=0),
)
def test_the_use(claim: Claim, moved: Moved) -> None:
    moved.check(claim)


@claims(
    Claim(
        says="a grant on the day of the push supports the project",
        metric="relending_list_conversion",
        period="2024-12-31",
        rows=(entry(pushed_on="2024-11-15"),),
        moves={"supported_rate kind project": 0},
    ),
    Claim(
        says="a grant on the day of the removal does not",
        metric="relending_list_conversion",
        period="2024-12-31",
        rows=(entry(removed_on="2024-11-15"),),
        moves={"supported_rate kind project": -100},
    ),
    Claim(
        says="a firm twice in a batch has signed if either entry has",
        metric="relending_list_conversion",
        period="2025-12-31",
        rows=(like("list_entry", {"entry_id": 6}, entry_id=9901, pushed_on="2025-12-31"),),
        moves={f"{part} batch 202311": 0 for part in ("signed", "listed", "rate", "rate_current", "supported_rate")},
    ),
)
def test_signed_and_supported(claim: Claim, moved: Moved) -> None:
    moved.check(claim)
