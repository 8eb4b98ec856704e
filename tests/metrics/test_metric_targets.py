"""Targets: the text, and when a series reached it."""

from __future__ import annotations

from datetime import date

import pytest

from sfbench.errors import SfbenchError
from sfbench.metrics import Target, judge, parse_target

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
