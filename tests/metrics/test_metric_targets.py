"""Targets: the text, and when a series reached it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from acceptance.metrics.dataset import write_group

from metrics.views import open_views
from sfbench.errors import SfbenchError
from sfbench.metrics import Target, catalogue, evaluate, judge, parse_target, records
from sfbench.metrics.latest import Series, finding_words, series

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


def test_a_value_is_not_compared_with_one_of_another_scope() -> None:
    aim, values = parse_target("> value 1 months earlier"), [5.0, 6.0, 9.0, 10.0]
    verdicts = judge(aim, MONTHS, values, ["2022", "2022", "2025", "2025"])
    assert [tuple(v) for v in verdicts] == [
        (status, MONTHS[1], True) for status in (None, "reached", None, "reached")
    ]  # the month without a comparison was not missed


def test_the_new_scope_of_bonds_is_not_read_as_new_products(tmp_path: Path) -> None:
    metrics = ["sti_bond_variety", "sti_bond_coverage"]
    bonds = open_views(write_group(tmp_path, "markets"))
    rows = [r for r in records(evaluate(bonds, scale=1.0, metrics=metrics, cuts=["total"])) if r["target"]]
    for metric in metrics:
        found = {r["period"]: (r["value"], r["status"]) for r in rows if r["metric"] == metric}
        assert found["2025-03-31"] == (3.0, "reached")  # of 1 a year before
        assert found["2024-12-31"][0] < found["2025-12-31"][0]
        assert {found[day][1] for day in ("2025-06-30", "2025-09-30", "2025-12-31")} == {None}


def test_an_empty_series_has_no_verdicts() -> None:
    assert judge(ABOVE_TEN, [], []) == []


def test_what_comes_after_the_month_of_a_target_does_not_count() -> None:
    by_november, to_november = parse_target(">10 by 2025-11"), parse_target(">0 every month to 2025-11")
    late = judge(by_november, MONTHS, [9.0, 9.0, 9.0, 11.0])
    assert [tuple(v) for v in late] == [("not_reached", None, None)] * 4
    in_time = judge(by_november, MONTHS, [9.0, 11.0, 12.0, 9.0])
    assert in_time[-1] == ("reached", MONTHS[1], True)
    assert judge(by_november, MONTHS, [9.0, 9.0, 11.0, 9.0])[-1] == ("reached", MONTHS[2], True)  # in the month itself
    assert judge(to_november, MONTHS, [1.0, 1.0, 1.0, -1.0])[-1] == ("reached", MONTHS[0], True)
    assert judge(by_november, MONTHS[3:], [11.0]) == [(None, None, None)]  # nothing of its time is there
    words = finding(">10 by 2025-11", [9.0, 9.0, 9.0, 11.0])
    assert words == ("not reached in any period (as of 2025-11)", "各期均未达成（截至2025-11）")


def test_a_share_of_all_is_all_whatever_floats_make_of_it() -> None:
    paid = 167_772.17  # yuan, of as much
    assert 100.0 * paid / paid < 100
    assert judge(parse_target(">=100"), MONTHS[:1], [100.0 * paid / paid])[0].status == "reached"
    assert judge(parse_target(">=100"), MONTHS[:1], [100.0 * (paid - 0.01) / paid])[0].status == "not_reached"
    third, same_third = 100.0 * 0.1 / 0.3, 100.0 * 1.1 / 3.3
    assert third < same_third
    verdicts = judge(parse_target("> value 1 months earlier"), MONTHS[:2], [third, same_third])
    assert verdicts[1].status == "not_reached"


def test_the_latest_value_is_not_shown_with_the_verdict_of_an_earlier_one() -> None:
    years = {date(2022, 12, 31): 5.0, date(2023, 12, 31): 6.0, date(2024, 12, 31): None, date(2025, 12, 31): 1.0}
    verdicts = judge(parse_target("> value 12 months earlier"), [*years], [*years.values()])
    assert [verdict.status for verdict in verdicts] == [None, "reached", None, None]
    same = dict(metric="m", component="c", cut="total", cut_value="total", measure=0, unit="%", reason=None)
    rows = [
        {**same, "target": "> value 12 months earlier", "period": day, "value": value, "value_city": value}
        | verdict._asdict()
        for (day, value), verdict in zip(years.items(), verdicts, strict=True)
    ]
    (one,) = series(pa.Table.from_pylist(rows), None, every_cut=False)
    assert (one.last_value, one.status) == (1.0, None)
    assert finding_words("en", one) == "not computable: nothing to compare with"


def test_a_target_first_reached_after_the_last_published_month_is_told_as_a_projection(tmp_path: Path) -> None:
    funds = open_views(write_group(tmp_path, "equity"))
    found = evaluate(funds, scale=0.004, metrics=["fund_group_scale"], cuts=["total"])
    said = {}
    for published in (date(2015, 12, 31), date(2030, 12, 31)):
        parts = {one.component: one for one in series(found, published, every_cut=False)}
        said[published] = finding_words("en", parts["target"]), finding_words("zh", parts["target"])
    assert "(projected)" in said[date(2015, 12, 31)][0] and "（推演）" in said[date(2015, 12, 31)][1]
    assert "(projected)" not in said[date(2030, 12, 31)][0] and "推演" not in said[date(2030, 12, 31)][1]


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


def test_a_cap_of_compensation_is_not_kept_by_claims_that_were_refused(tmp_path: Path) -> None:
    connection = open_views(write_group(tmp_path, "sharing"))
    one = "(SELECT * FROM risk_claim WHERE decision = '{}' LIMIT 1)"
    connection.execute(f"CREATE TABLE claims AS {one.format('paid')} UNION ALL {one.format('refused')}")
    connection.execute("UPDATE claims SET decided_on = DATE '2025-06-30', npl_principal = 1e6")
    connection.execute("UPDATE claims SET paid_on = DATE '2025-06-30', paid = 7e5 WHERE decision = 'paid'")
    connection.execute("CREATE OR REPLACE VIEW risk_claim AS SELECT * FROM claims")
    rows = records(evaluate(connection, scale=1.0, metrics=["risk_pool_cover"], cuts=["total"]))
    found = {r["component"]: (r["value"], r["status"]) for r in rows if r["period"] == "2025-06-30" and r["target"]}
    assert found == {"cover": (35.0, "reached"), "cover_paid": (70.0, "not_reached")}


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
