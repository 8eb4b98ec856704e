"""A calendar and nothing else: what is counted is 0, what has no base has no value and says why; none is left out."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from acceptance.metrics.dataset import declared, group_tables
from acceptance.worked.dataset import write_dataset

from metrics.views import open_views
from sfbench.metrics import catalogue, evaluate, records

EVERY = {"month": 1, "quarter": 3, "year": 12}
OF_REPORTS = {  # rows for the months for which a bank reports, and for which something was drawn
    "all_loan_balance",
    "inclusive_loan_balance",
    "new_loan_rate",
    "report_reconciliation_gap",
    "tech_enterprise_loan_growth_gap",
}
WITHOUT_A_ROW = {  # of single banks, of the months that have a base, or additive and left out where it is 0
    ("assessment_score", "band"),
    ("assessment_score", "rank"),
    ("manufacturing_loan_growth", "growth"),
    ("manufacturing_loan_growth", "growth_nfra"),
    ("manufacturing_loan_growth", "growth_notes"),
    ("npl_formation_rate", "disposals"),
    ("npl_formation_rate", "formation"),
}
MEANS = {  # measured in numbers, but not counted
    ("assessment_rank_stability", "rank_width_max"),
    ("assessment_rank_stability", "rank_width_mean"),
    ("result_sharing_rate", "authorities_mean"),
}
UNKNOWN_WITHOUT_NOTES = {  # who owes what is not 0, but not known
    ("access_rate", "borrowers"),
    ("chain_coverage", "financed"),
    ("five_channel_financing", "net"),
    ("relending_firm_coverage", "supported"),
    ("stage_coverage", "covered"),
    ("tech_npl_tolerance_use", "banks_over"),
    ("tech_industry_loan_balance", "balance"),
    ("tech_loan_balance", "balance"),
    ("tech_loan_overlap", "overlap"),
}
FLOOR = ("relending_leverage", "floor")  # a number of the programme: it refinances at most 60 %


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Any]]:
    """(metric, component) -> rows of the total in a dataset of nothing but months."""
    months = {"month": group_tables("markets")["month"]}
    folder = write_dataset(tmp_path_factory.mktemp("nothing"), months, declared())
    found = defaultdict(list)
    for row in records(evaluate(open_views(folder), scale=1.0)):
        if row["cut"] == "total":
            found[row["metric"], row["component"]].append(row)
    return found


def test_what_is_counted_is_0_and_what_has_no_base_has_no_value(rows: dict[tuple[str, str], list[Any]]) -> None:
    parts = {(metric.id, part.name): part for metric in catalogue().metrics.values() for part in metric.components}
    off = []
    for key, found in rows.items():
        counted = (parts[key].additive or parts[key].unit == "count") and key not in UNKNOWN_WITHOUT_NOTES | MEANS
        wanted = 1 / 0.6 if key == FLOOR else 0.0 if counted and key[0] not in OF_REPORTS else None
        off += [(key, row) for row in found if row["value"] != wanted or (wanted is None) != bool(row["reason"])]
    assert not {key for key, _ in off}, off[:3]


def test_no_period_is_left_out(rows: dict[tuple[str, str], list[Any]]) -> None:
    gaps = []
    for metric in catalogue().metrics.values():
        for part in metric.components if metric.id not in OF_REPORTS else ():
            found = [12 * int(row["period"][:4]) + int(row["period"][5:7]) for row in rows[metric.id, part.name]]
            whole = found and found == [*range(found[0], found[-1] + 1, EVERY[metric.period])]
            if bool(whole) == ((metric.id, part.name) in WITHOUT_A_ROW):
                gaps.append((metric.id, part.name, len(found)))
    assert not gaps
