"""A note's balance is the balance before plus its flows, to the cent, in both currencies, from drawdown to its end."""

import datetime

import polars as pl
import pytest

from tests.world.shared import day, world

LAST = day("2027-12-31")
ENDINGS = ["repayment", "recovery", "write_off", "transfer"]


def month_end(column):
    return pl.col(column).dt.month_end()


@pytest.mark.parametrize("money", ["balance", "balance_rmb"])
def test_a_balance_is_the_one_before_plus_the_flows(money):
    """Every note and month end of the window, also the months at which nothing is left."""
    flow = {"balance": "amount", "balance_rmb": "amount_rmb"}[money]
    steps = world()["loan_flow"].group_by("loan_id", month=month_end("event_on")).agg(pl.col(flow).sum())
    stock = world()["loan_balance"].select("loan_id", "month", money)
    both = steps.join(stock, on=["loan_id", "month"], how="full", coalesce=True).sort("loan_id", "month")
    both = both.with_columns(pl.col(flow).fill_null(0))
    # The opening flow stands on 2021-12-31, for which no balance is published: sum the flows instead.
    summed = both.with_columns(pl.col(flow).cum_sum().over("loan_id").alias("sum"))
    seen = summed.filter(pl.col("month") >= day("2022-01-31"))
    assert seen.height > 100_000
    assert seen.filter(pl.col(money).fill_null(0) != pl.col("sum")).is_empty()


def test_no_month_is_missing_between_a_note_s_first_and_last():
    months = (
        world()["loan_balance"]
        .group_by("loan_id")
        .agg(pl.len(), first=pl.col("month").min(), last=pl.col("month").max())
    )
    span = (
        12 * (pl.col("last").dt.year().cast(pl.Int64) - pl.col("first").dt.year())
        + pl.col("last").dt.month()
        - pl.col("first").dt.month()
        + 1
    )
    assert months.filter(pl.col("len") != span).is_empty()


def test_a_note_ends_at_zero_or_is_still_open():
    ends = (
        world()["loan_flow"]
        .sort("loan_id", "flow_no")
        .group_by("loan_id", maintain_order=True)
        .agg(
            pl.col("amount").sum(),
            pl.col("amount_rmb").sum(),
            kind=pl.col("kind").filter(pl.col("amount") != 0).last(),
        )
    )
    still_open = world()["loan_balance"].filter(pl.col("month") == LAST).select("loan_id", "balance", "balance_rmb")
    ends = ends.join(still_open, on="loan_id", how="left")
    closed, running = ends.filter(pl.col("balance").is_null()), ends.filter(pl.col("balance").is_not_null())
    assert closed.height > 1_000 and running.height > 1_000
    assert closed.filter((pl.col("amount") != 0) | (pl.col("amount_rmb") != 0)).is_empty()
    assert closed.filter(~pl.col("kind").is_in(ENDINGS)).is_empty()
    assert running.filter(
        (pl.col("amount") != pl.col("balance")) | (pl.col("amount_rmb") != pl.col("balance_rmb"))
    ).is_empty()


def test_what_leaves_a_note_sums_to_its_principal():
    """Notes drawn in the window and ended in it: repaid, recovered, written off or transferred is what was granted."""
    flows, notes = world()["loan_flow"], world()["loan"]
    out = flows.filter(pl.col("kind").is_in(ENDINGS)).group_by("loan_id").agg(out=pl.col("amount").sum())
    drawn = flows.filter(pl.col("kind") == "drawdown").select("loan_id", drawn="amount", drawn_rmb="amount_rmb")
    whole = notes.join(drawn, on="loan_id").join(out, on="loan_id", how="left").fill_null(0)
    still = world()["loan_balance"].filter(pl.col("month") == LAST).select("loan_id", "balance")
    whole = whole.join(still, on="loan_id", how="left").with_columns(pl.col("balance").fill_null(0))
    assert whole.filter(pl.col("drawn") != pl.col("amount")).is_empty()
    assert whole.filter(pl.col("drawn_rmb") != pl.col("amount_rmb")).is_empty()
    assert whole.filter(pl.col("amount") + pl.col("out") != pl.col("balance")).is_empty()


def test_every_note_begins_once_with_an_opening_or_a_drawdown():
    flows = world()["loan_flow"]
    begins = flows.filter(pl.col("kind").is_in(["opening", "drawdown"]))
    assert begins["loan_id"].n_unique() == begins.height == world()["loan"].height
    assert begins.filter(pl.col("flow_no") != 0).is_empty()
    assert begins.filter(pl.col("kind") == "opening")["event_on"].unique().to_list() == [day("2021-12-31")]
    drawn = begins.filter(pl.col("kind") == "drawdown").join(world()["loan"], on="loan_id")
    assert drawn.filter(pl.col("event_on") != pl.col("granted_on")).is_empty()


def test_flows_are_numbered_in_the_order_of_days():
    flows = world()["loan_flow"]
    ordered = flows.sort("loan_id", "flow_no")
    steps = ordered.select(
        same=pl.col("loan_id") == pl.col("loan_id").shift(1),
        day=(pl.col("event_on") - pl.col("event_on").shift(1)).dt.total_days(),
        number=pl.col("flow_no") - pl.col("flow_no").shift(1),
    ).filter("same")
    assert steps.filter((pl.col("day") < 0) | (pl.col("number") != 1)).is_empty()


def test_signs_fit_the_kinds_of_flows():
    flows = world()["loan_flow"]
    into = flows.filter(pl.col("kind").is_in(["opening", "drawdown"]))
    out = flows.filter(pl.col("kind").is_in(ENDINGS))
    still = flows.filter(pl.col("kind").is_in(["extension", "restructuring", "valuation"]))
    assert into.height + out.height + still.height == flows.height
    assert into.filter((pl.col("amount") <= 0) | (pl.col("amount_rmb") <= 0)).is_empty()
    assert out.filter((pl.col("amount") >= 0) | (pl.col("amount_rmb") >= 0)).is_empty()
    assert still.filter(pl.col("amount") != 0).is_empty()
    assert set(ENDINGS) < set(flows["kind"])  # the world is rich enough to say so


def test_only_dollar_notes_are_revalued():
    notes = world()["loan"].select("loan_id", "currency")
    flows = world()["loan_flow"].join(notes, on="loan_id")
    assert set(flows.filter(pl.col("kind") == "valuation")["currency"]) == {"USD"}
    yuan = flows.filter(pl.col("currency") == "CNY")
    assert yuan.filter(pl.col("amount") != pl.col("amount_rmb")).is_empty()


def test_a_dollar_balance_is_worth_the_rate_of_its_month_end():
    """`usd_cny` is published in 1e-4 yuan; the value is rounded to the cent."""
    rates = world()["month"].select("month", "usd_cny")
    notes = world()["loan"].filter(pl.col("currency") == "USD").select("loan_id")
    stock = world()["loan_balance"].join(notes, on="loan_id").join(rates, on="month")
    exact = pl.col("balance").cast(pl.Float64) * pl.col("usd_cny") / 100_000
    assert stock.height > 100
    assert stock.filter((pl.col("balance_rmb") - exact).abs() > 0.51).is_empty()


def test_a_note_that_repays_once_keeps_its_principal_until_then():
    kinds = world()["product"].select("product_id", "repayment")
    once = world()["loan"].join(kinds, on="product_id").filter(pl.col("repayment").is_in(["bullet", "interest_only"]))
    stock = world()["loan_balance"].join(once.select("loan_id", "amount"), on="loan_id")
    assert stock.filter(pl.col("balance") != pl.col("amount")).is_empty()


def test_a_balance_never_grows_and_is_never_nothing():
    stock = world()["loan_balance"].sort("loan_id", "month")
    assert stock.filter((pl.col("balance") <= 0) | (pl.col("balance_rmb") <= 0)).is_empty()
    step = stock.select(
        grows=(pl.col("loan_id") == pl.col("loan_id").shift(1)) & (pl.col("balance") > pl.col("balance").shift(1))
    )
    assert not step["grows"].any()


def test_no_event_lies_after_the_window():
    from sfbench.content import tables

    seen = 0
    for name, content in tables().items():
        if content.spec.published and content.spec.event_on:
            last = world()[name][content.spec.event_on].max()
            assert isinstance(last, datetime.date) and last <= LAST, name
            seen += 1
    assert seen >= 8
