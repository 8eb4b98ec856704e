"""Targets: the text, and when a series reached it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from acceptance.metrics.dataset import write_group

from metrics.views import open_views
from sfbench.errors import SfbenchError
from sfbench.metrics import Target, catalogue, evaluate, judge, parse_target, records
from sfbench.metrics.latest import Series, finding_words

MONTHS = [date(2025, 9, 30), date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31)]
ABOVE_TEN = parse_target(">10 by 2027-12")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (">20000 by 2027-12", Target(">", 20000.0, None, False, "2027-12")),
        (">0 every month to 2027-12", Target(">", 0.0, None, True, "2027-12")),
        (">= 2.5", Target(">=", 2.5, None, False, "")),
        ("<-1 by 2026-06", Target("<", -1.0, None, False, "2026-06")),
        ("> value 12 months earlier", Target(">", None, 12, False, "")),
    ],
)
def test_a_target_is_read_as_written(text: str, target: Target) -> None:
    assert parse_target(text) == target


@pytest.mark.parametrize(
    "text", ["", "20000", ">much", ">5 by 2027", ">5 by 2027-13", "> value 0 months earlier", ">5 caused by 2027-12"]
)
def test_another_form_is_refused_with_examples(text: str) -> None:
    with pytest.raises(SfbenchError, match="every month to"):
        parse_target(text)


def test_a_level_that_is_kept_is_sustained() -> None:
    verdicts = judge(ABOVE_TEN, MONTHS, [9.0, 11.0, 12.0, 13.0])
    assert [v.status for v in verdicts] == ["not_reached", "reached", "reached", "reached"]
    assert {(v.first_achieved_on, v.sustained) for v in verdicts} == {(MONTHS[1], True)}


def test_a_level_that_is_lost_is_not_sustained() -> None:
    verdicts = judge(ABOVE_TEN, MONTHS, [11.0, 9.0, 12.0, 13.0])
    assert {(v.first_achieved_on, v.sustained) for v in verdicts} == {(MONTHS[0], False)}


def test_a_level_met_exactly_is_not_beyond() -> None:
    assert judge(ABOVE_TEN, MONTHS[:1], [10.0])[0].status == "not_reached"
    assert judge(parse_target(">=10"), MONTHS[:1], [10.0])[0].status == "reached"


def test_a_series_that_never_reaches_has_no_date() -> None:
    assert {v[1:] for v in judge(ABOVE_TEN, MONTHS, [1.0] * 4)} == {(None, None)}


def test_a_month_without_value_has_no_status_and_breaks_what_was_sustained() -> None:
    verdicts = judge(ABOVE_TEN, MONTHS, [11.0, None, 12.0, 13.0])
    assert verdicts[1].status is None
    assert verdicts[0].sustained is False


def test_a_value_is_compared_with_its_own_of_months_before() -> None:
    verdicts = judge(parse_target("> value 2 months earlier"), MONTHS, [5.0, 6.0, 4.0, 7.0])
    assert [v.status for v in verdicts] == [None, None, "not_reached", "reached"]


def test_an_empty_series_has_no_verdicts() -> None:
    assert judge(ABOVE_TEN, [], []) == []


def finding(target: str, values: list[float]) -> tuple[str, str]:
    """Words on a series of the months, in both languages."""
    last = judge(parse_target(target), MONTHS, values)[-1]
    one = Series(
        metric="m",
        component="c",
        cut="total",
        cut_value="total",
        unit="%",
        target=target,
        last_month=MONTHS[-1],
        last_value=values[-1],
        published_value=None,
        status=last.status,
        first_achieved_on=last.first_achieved_on,
        sustained=last.sustained,
        reason=None,
        measure=0,
        remark=None,
    )
    return finding_words("en", one), finding_words("zh", one)


def test_a_target_of_every_month_is_not_called_reached_after_a_month_that_missed_it() -> None:
    missed = finding(">0 every month to 2027-12", [1.0, -1.0, 1.0, 1.0])
    assert missed[0] == "met in the latest month, but not in every month since 2025-09"
    assert missed[1] == "最近一月满足，但2025-09以来并非每月满足"
    assert finding(">0 every month to 2027-12", [1.0] * 4)[0] == "reached since 2025-09, sustained"
    assert finding(">0 by 2027-12", [1.0, -1.0, 1.0, 1.0])[0].startswith("reached; first in 2025-09")


def test_a_target_may_be_judged_on_several_components_each_by_itself(tmp_path: Path) -> None:
    metric = catalogue().metrics["fund_group_scale"]
    funds = open_views(write_group(tmp_path, "equity"))
    rows = records(evaluate(funds, scale=0.004, metrics=["fund_group_scale"]))
    totals = [row for row in rows if row["cut"] == "total"]
    assert len(metric.judged) == 6
    assert {row["component"] for row in totals if row["target"] == metric.target} == {*metric.judged}
    assert [row["status"] for row in totals] == [
        "reached" if row["value_city"] >= 10_000 else "not_reached" for row in totals
    ]
    latest = {row["component"]: row["status"] for row in totals}  # in the order of months
    assert (latest["target"], latest["paid_in"]) == ("reached", "not_reached")
    assert {(row["target"], row["status"]) for row in rows if row["cut"] != "total"} == {(None, None)}


def test_banks_within_their_tolerance_do_not_make_up_for_one_that_is_over(tmp_path: Path) -> None:
    banks = open_views(write_group(tmp_path / "a", "banks"))
    rows = records(evaluate(banks, scale=1.0, metrics=["tech_npl_tolerance_use"]))
    year_end = {r["component"]: r for r in rows if r["cut"] == "total" and str(r["period"]) == "2025-12-31"}
    assert (year_end["over_tolerance"]["status"], year_end["over_tolerance"]["value"] < 0) == ("reached", True)
    assert (year_end["banks_over"]["status"], year_end["banks_over"]["value"]) == ("not_reached", 1)
    nothing = [{"op": "delete_where", "table": "bank_month", "where": {"month": "2025-12-31"}}]
    unreported = open_views(write_group(tmp_path / "b", "banks", nothing))
    rows = records(evaluate(unreported, scale=1.0, metrics=["tech_npl_tolerance_use"]))
    unknown = [r for r in rows if r["component"] == "banks_over" and str(r["period"]) == "2025-12-31"]
    assert [(r["value"], r["status"]) for r in unknown] == [(None, None)]
