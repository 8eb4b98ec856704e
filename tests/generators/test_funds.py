"""Funds: who promised, who paid, which fund stands above which, and what the group comes to.

Money is in cents, rates in 1e-5 percent (tests/world/shared.py).
"""

import csv

import polars as pl
import pytest

from tests.world.shared import ROOT, SEED, TINY, TWO_BLOCKS, day, history, world

WHOLE = 10_000_000  # 100 %


def committed():
    return world()["fund_commitment"].group_by("fund_id").agg(committed=pl.col("amount").sum())


def paid_by(on):
    """Paid in by a day, by commitment."""
    calls = world()["capital_call"].filter(pl.col("paid_on") <= day(on))
    return calls.group_by("commitment_id").agg(paid=pl.col("amount").sum())


@pytest.mark.parametrize("scale", [TINY, TWO_BLOCKS])
def test_the_investors_of_a_fund_commit_its_size(scale):
    sums = world(scale)["fund_commitment"].group_by("fund_id").agg(pl.col("amount").sum())
    both = world(scale)["fund"].join(sums, on="fund_id", how="left")
    assert both.height > 60
    assert both.filter(pl.col("amount").ne_missing(pl.col("size"))).is_empty()


def test_every_investor_pays_the_same_share_of_its_promise_and_no_more_than_all():
    calls = world()["capital_call"].group_by("commitment_id", "fund_id").agg(pl.col("amount").sum())
    both = calls.join(world()["fund_commitment"].select("commitment_id", promised="amount"), on="commitment_id")
    assert both.height > 400
    assert both.filter(pl.col("amount") > pl.col("promised")).is_empty()
    shares = both.with_columns(
        permille=pl.col("amount") * 1000 // pl.col("promised"), rest=pl.col("amount") * 1000 % pl.col("promised")
    )
    assert shares["rest"].max() == 0  # a whole permille, to the cent
    assert shares.group_by("fund_id").agg(pl.col("permille").n_unique())["permille"].max() == 1


def test_no_fund_is_its_own_ancestor():
    parent = dict(
        world()["fund"].filter(pl.col("parent_fund_id").is_not_null()).select("fund_id", "parent_fund_id").rows()
    )
    assert len(parent) > 15
    for fund in parent:
        line = [fund]
        while line[-1] in parent:
            line.append(parent[line[-1]])
            assert len(line) <= 4 and len(set(line)) == len(line), line
        assert line[-1] < 1000


@pytest.mark.parametrize("scale", [TINY, TWO_BLOCKS])
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_a_public_fund_commits_no_more_than_it_has_at_any_scale(scale, seed):
    tables = world(scale, seed)
    given = tables["fund_commitment"].filter(pl.col("investor_fund_id").is_not_null())
    given = given.group_by("investor_fund_id").agg(pl.col("amount").sum())
    both = given.join(tables["fund"].select("fund_id", "size"), left_on="investor_fund_id", right_on="fund_id")
    assert both.height == given.height >= 5
    assert both.filter(pl.col("amount") > pl.col("size")).is_empty()


def test_a_child_is_younger_than_its_parent_and_the_public_share_within_the_limit():
    funds, promises = world()["fund"], world()["fund_commitment"]
    children = funds.join(funds.select(parent_fund_id="fund_id", parent_founded="founded_on"), on="parent_fund_id")
    assert children.filter(pl.col("parent_founded") > pl.col("founded_on")).is_empty()
    public = promises.filter(pl.col("investor_kind") == "public_fund").join(funds, on="fund_id")
    limit = (
        pl.when(pl.col("layer").is_in(["angel_sub", "seed_sub"]))
        .then(0.4)
        .when(pl.col("layer") == "cluster")
        .then(0.7)
        .otherwise(0.3)
    )
    assert public.height > 15
    assert public.filter(pl.col("amount") > pl.col("size") * limit + 1).is_empty()


@pytest.mark.parametrize("on", ["2022-12-31", "2025-12-31", "2027-12-31"])
def test_the_group_seen_through_is_no_larger_than_gross(on):
    """Look-through = gross less what funds of the group hold of each other, for commitments and for paid-in capital."""
    funds = world()["fund"].filter("in_20p8_group", pl.col("founded_on") <= day(on), pl.col("ends_on") > day(on))
    promises = world()["fund_commitment"].join(funds.select("fund_id"), on="fund_id", how="semi")
    promises = promises.join(paid_by(on), on="commitment_id", how="left").with_columns(pl.col("paid").fill_null(0))
    inside = promises.filter(pl.col("investor_fund_id").is_in(funds["fund_id"].to_list()))
    gross, paid = funds["size"].sum(), promises["paid"].sum()
    assert inside.height > 4
    assert 0 < gross - inside["amount"].sum() < gross <= funds["target_size"].sum()
    assert 0 < paid - inside["paid"].sum() < paid < gross


def test_a_fund_is_run_by_a_manager_that_was_registered_before():
    both = world()["fund"].filter(pl.col("fund_id") >= 1000).join(world()["fund_manager"], on="manager_id")
    assert both.height > 60
    assert both.filter(pl.col("registered_on") >= pl.col("founded_on")).is_empty()
    assert both.filter(pl.col("deregistered_on") < pl.col("ends_on")).is_empty()


def test_market_funds_are_the_same_at_every_scale():
    """A scale is a prefix of the managers; only what a public parent can give depends on how many children it has."""
    small, large = (world(scale)["fund"].filter(pl.col("fund_id") >= 1000) for scale in (TINY, TWO_BLOCKS))
    shared = small.join(large, on="fund_id", how="semi")
    assert shared.height == small.height > 10
    same = large.join(small, on="fund_id", how="semi", maintain_order="left")
    for name in ("name_zh", "layer", "stage", "founded_on", "ends_on", "size", "parent_fund_id"):
        assert same.sort("fund_id")[name].equals(small.sort("fund_id")[name], null_equal=True), name


def test_no_manager_and_no_fund_bears_a_real_name():
    with (ROOT / "datasets/deny/brand.csv").open(encoding="utf-8", newline="") as handle:
        deny = [row["part"] for row in csv.DictReader(line for line in handle if not line.startswith("#"))]
    named = [*world()["fund_manager"]["name_zh"], *world()["fund"]["name_zh"]]
    caught = {name: part for name in named for part in deny if part in name}
    assert caught == {}
    assert any(part in "红杉资本" for part in deny)  # the list would catch one


def test_calls_known_to_the_history_are_those_of_the_investors():
    """The fund's own schedule, in permille of its size, is what its investors paid together."""
    state = history()["fund_state"]
    schedule = pl.DataFrame(
        {
            "fund_id": state["fund_id"],
            "size": state["size"],
            "called": [list(map(int, row)) for row in state["called"]],
            "days": [list(map(int, row)) for row in state["call_day"]],
        }
    )
    schedule = schedule.with_columns(done=pl.col("days").list.eval((pl.element() < 1 << 30).cast(pl.Int64)).list.sum())
    schedule = schedule.filter(pl.col("done") > 0).with_columns(
        due=pl.col("size") // 1000 * pl.col("called").list.get(pl.col("done") - 1)
    )
    calls = world()["capital_call"].group_by("fund_id").agg(pl.col("amount").sum())
    both = schedule.join(calls, on="fund_id")
    assert both.height > 50
    assert both.filter(pl.col("due") != pl.col("amount")).is_empty()
