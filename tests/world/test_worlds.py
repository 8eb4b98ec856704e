"""The worlds that pose no question do what their captions say, to what they say, from when they say."""

import datetime

import polars as pl
import pytest

import sfbench
from sfbench.changes import write_feed
from sfbench.engines.budget import funded
from sfbench.spec import NEVER
from sfbench.world.plan import plan
from sfbench.world.reach import reach
from tests.world.shared import SEED, TINY, TWO_BLOCKS, history, world

FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2026, 3, 31)  # of the feed


def lent(name, who=True):
    """Yuan granted by year."""
    notes = world(scenario=name)["loan"].filter(who)
    return dict(notes.group_by(pl.col("granted_on").dt.year()).agg(pl.col("amount_rmb").sum() / 100).rows())


@pytest.mark.parametrize(
    ("name", "start"),
    [("rate_cut", (2026, 4, 1)), ("target_missed", (2026, 1, 1)), ("subsidy_runs_out", (2025, 1, 1))],
)
def test_before_its_levers_start_it_is_the_baseline(name, start):
    before = pl.col("granted_on") < pl.date(*start)
    assert world(scenario=name)["loan"].filter(before).equals(world()["loan"].filter(before))


def test_in_a_crunch_banks_lend_less_and_more_firms_turn_bad():
    crunch, base = lent("credit_crunch"), lent("baseline")
    assert crunch[2026] < 0.9 * base[2026] and crunch[2025] == pytest.approx(base[2025], rel=0.01)
    bad = [
        world(scenario=name)["loan_balance"]
        .filter(pl.col("month") == pl.date(2026, 12, 31))
        .select(pl.col("grade").is_in(["FQ03", "FQ04", "FQ05"]).mean())
        .item()
        for name in ("credit_crunch", "baseline")
    ]
    assert bad[0] > 1.1 * bad[1]


def test_before_a_crunch_only_notes_of_firms_that_default_at_another_time_move():
    """Lenders close a firm three months before its default, and lend past no exit but one by a loss."""
    base, crunch = (history(scenario=name) for name in ("baseline", "credit_crunch"))
    start = (datetime.date(2026, 4, 1) - datetime.date(1970, 1, 1)).days
    notes = [
        set(zip(*(made["credit_history"][name][early].tolist() for name in ("attempt", "granted_on")), strict=True))
        for made in (base, crunch)
        for early in [made["credit_history"]["granted_on"] < start]
    ]
    moved = {attempt >> 15 for attempt, _ in notes[0] ^ notes[1]}  # the number of the firm
    other = base["firm_month"]["default_month"] != crunch["firm_month"]["default_month"]
    assert 0 < len(moved) < 10
    assert moved <= set(base["firm_state"]["firm"][other].tolist())
    assert crunch["firm_month"]["default_month"][other].min() >= 2026 * 12 + 3


def test_after_the_cut_the_same_notes_bear_three_tenths_of_a_point_less():
    both = world(scenario="rate_cut")["loan"].join(world()["loan"], on="loan_id", suffix="_base")
    lower = (pl.col("grant_rate_base") - pl.col("grant_rate")) / 1e5
    after = both.filter(pl.col("granted_on") >= pl.date(2026, 7, 1)).select(lower).to_series()
    assert 0.25 < after.mean() <= 0.3


def test_a_target_is_missed_by_tech_firms_only():
    tech = pl.col("tech_use")
    missed, base = lent("target_missed", tech), lent("baseline", tech)
    assert missed[2027] < 0.9 * base[2027]
    levers = plan("target_missed", scale=TWO_BLOCKS, seed=SEED).scenario.levers
    found = reach(plan("target_missed", scale=TWO_BLOCKS, seed=SEED, tables=("loan",)), levers[0])
    others = ~pl.col("enterprise_id").is_in(found["firm"][found["start"] < NEVER].tolist())
    assert lent("target_missed", others) == lent("baseline", others)


def test_when_the_money_for_subsidies_has_run_out_firms_borrow_as_without_it():
    """A note is drawn up to three months after it is asked for."""
    levers = funded(plan("subsidy_runs_out", scale=TWO_BLOCKS, seed=SEED)).scenario.levers
    gone = max(lever.over for lever in levers) + 3
    assert gone < 2027 * 12
    both = world(scenario="subsidy_runs_out")["loan"].join(
        world()["loan"], on=["loan_id", "granted_on"], suffix="_base"
    )
    day, more = pl.col("granted_on"), pl.col("amount_rmb") / pl.col("amount_rmb_base")
    after = both.filter(day >= pl.date(gone // 12, gone % 12 + 1, 1)).select(more).to_series()
    during = both.filter(day.is_between(pl.date(2025, 4, 1), pl.date(2025, 7, 31))).select(more).to_series()
    assert after.len() > 1000 and (after == 1).all()
    assert during.filter(during != 1).len() > 100 and 1.1 < during.filter(during != 1).mean() < 1.2


def test_without_the_plan_banks_revise_less_in_its_year_and_lend_as_before():
    off, base = world(scenario="policy_off"), world()
    day = pl.col("valid_from").dt.year()
    assert off["bank_policy"].filter(day == 2025).height < base["bank_policy"].filter(day == 2025).height
    earlier = [found["bank_policy"].filter(day < 2025).drop("valid_to") for found in (off, base)]
    assert earlier[0].equals(earlier[1])
    assert off["loan"].equals(base["loan"])  # incentives are terms that banks write down; no link leads on to notes


def test_a_feed_by_day_brings_corrections(tmp_path):
    tables = ["bank_month", "guarantee", "loan_flow"]
    sfbench.generate("cdc_daily", scale=TINY, seed=7, out=tmp_path / "world", tables=tables)
    sent = write_feed(tmp_path / "world", tmp_path / "feed", by="day", since=FIRST, until=LAST)
    assert len({batch.at for batch in sent}) > 60
    labels = pl.read_parquet(tmp_path / "world" / "truth" / "labels.parquet")
    assert {"lost_row", "reordered", "duplicate_changed_id", "missing_month"} >= set(labels["fault"].unique().to_list())
