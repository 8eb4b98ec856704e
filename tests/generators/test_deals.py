"""Deals, exits, the funds' books and fund shares that change hands. Money in cents, rates in 1e-5 percent."""

import datetime

import polars as pl

from tests.world.shared import day, history, world

WHOLE = 10_000_000  # 100 %
EQUITY = ["common", "preferred", "convertible"]
FLOWS = ["called", "fee", "invested", "proceeds", "distributed", "carried_interest"]


def books():
    """Quarters of the funds that buy firms, with running totals."""
    own = world()["fund_cash_flow"].filter(~pl.col("at_cost")).sort("fund_id", "quarter")
    return own.with_columns(pl.col(name).cum_sum().over("fund_id").alias(f"all_{name}") for name in FLOWS)


def quarter_of(name):
    return (pl.col(name).dt.truncate("1q").dt.offset_by("3mo") - pl.duration(days=1)).alias("quarter")


def test_post_money_is_pre_money_and_all_new_money():
    deals = world()["deal"]
    assert deals.height > 200
    assert deals.filter(pl.col("post_money") != pl.col("pre_money") + pl.col("round_amount")).is_empty()
    fresh = deals.filter(pl.col("instrument").is_in(EQUITY), ~pl.col("secondary"))
    rounds = fresh.group_by("round_id").agg(pl.col("amount").sum(), pl.col("round_amount").first())
    assert rounds.filter(pl.col("amount") > pl.col("round_amount")).is_empty()


def test_old_shares_change_no_post_money_and_guarantees_and_debt_buy_none():
    deals = world(0.05)["deal"]
    old = deals.filter("secondary")
    assert old.height > 20
    rounds = deals.filter(
        pl.col("round_id").is_in(old["round_id"].unique().to_list()),
        ~pl.col("secondary"),
        pl.col("instrument").is_in(EQUITY),
    )
    rounds = rounds.group_by("round_id").agg(new=pl.col("amount").sum(), all=pl.col("round_amount").first())
    assert rounds.height > 0
    assert rounds.filter(pl.col("new") > pl.col("all")).is_empty()
    other = deals.filter(~pl.col("instrument").is_in(EQUITY))
    assert other.height > 5 and other["stake"].max() == 0
    assert (other["instrument"] == "guarantee").to_list() == (other["amount"] == 0).to_list()


def test_a_stake_is_the_share_of_the_money_in_post_money():
    deals = world()["deal"].filter(pl.col("instrument").is_in(EQUITY))
    exact = pl.col("amount") / pl.col("post_money") * WHOLE
    assert deals.filter((pl.col("stake") - exact).abs() > 1).is_empty()


def test_outside_holders_never_own_more_than_the_limit_of_a_firm():
    """Every round thins out who held before: what is left of all new stakes together stays within 70 %."""
    rounds = history(0.05)["equity_round"]
    frame = pl.DataFrame({name: rounds[name] for name in ("row", "round_no", "amount", "post_money")}).sort(
        "row", "round_no"
    )
    highest, held, row = 0.0, 0.0, -1
    for now, _, amount, post in frame.iter_rows():
        part = amount / post
        held = part if now != row else held * (1 - part) + part
        highest, row = max(highest, held), now
    assert frame.height > 40 and frame["row"].is_duplicated().sum() > 15
    assert 0.2 < highest <= 0.701


def test_the_money_of_old_shares_and_new_ones_leaves_founders_something():
    deals = world(0.05)["deal"].filter(pl.col("enterprise_id").is_not_null())
    assert deals.group_by("round_id").agg(pl.col("stake").sum())["stake"].max() < WHOLE


def test_a_fund_invests_no_more_than_it_called_less_fees_at_any_quarter():
    rows = books()
    assert rows.height > 1000 and rows["fund_id"].n_unique() > 60
    assert rows.filter(pl.col("all_invested") > pl.col("all_called") - pl.col("all_fee")).is_empty()
    assert (rows["all_invested"] > 0).sum() > rows.height / 2


def test_cash_is_what_came_in_less_what_went_out_and_nav_is_cash_and_holdings():
    rows = books()
    cash = (
        pl.col("all_called") - pl.col("all_fee") - pl.col("all_invested") + pl.col("all_proceeds")
        - pl.col("all_distributed") - pl.col("all_carried_interest")
    )  # fmt: skip
    assert rows.filter(pl.col("cash") != cash).is_empty()
    assert rows.filter(pl.col("nav") != pl.col("cash") + pl.col("fair_value")).is_empty()
    assert rows.filter(pl.min_horizontal("cash", "fair_value", *FLOWS) < 0).is_empty()


def test_the_books_show_the_deals_and_the_exits_to_the_cent():
    rows = books().select("fund_id", "quarter", "invested", "proceeds")
    for table, when, amount, column in (
        ("deal", "closed_on", "amount", "invested"),
        ("fund_exit", "exited_on", "proceeds", "proceeds"),
    ):
        flows = world()[table].group_by("fund_id", quarter_of(when)).agg(total=pl.col(amount).sum())
        both = rows.join(flows, on=["fund_id", "quarter"], how="full", coalesce=True)
        assert flows.height > 100
        assert both.filter(pl.col(column).fill_null(-1) != pl.col("total").fill_null(0)).is_empty(), table


def test_holdings_are_worth_nothing_when_nothing_is_held():
    deals, exits = world()["deal"], world()["fund_exit"]
    gone = exits.group_by("deal_id").agg(sold=pl.col("holding_sold").sum(), last=pl.col("exited_on").max())
    left = deals.filter(pl.col("amount") > 0).join(gone, on="deal_id", how="left")
    done = left.group_by("fund_id").agg(
        all_sold=(pl.col("sold").fill_null(0) == WHOLE).all(), last=pl.col("last").max()
    )
    after = books().join(done.filter("all_sold"), on="fund_id").filter(pl.col("quarter") >= pl.col("last"))
    assert after.height > 20
    assert after["fair_value"].max() == 0


def test_a_fund_that_has_ended_has_handed_out_everything():
    ended = (
        books()
        .join(world()["fund"].select("fund_id", "ends_on"), on="fund_id")
        .filter(pl.col("quarter") >= pl.col("ends_on"))
    )
    assert ended.height > 5
    assert ended["nav"].max() == 0


def test_a_fund_loses_at_first_and_returns_later():
    """The J-curve: value over paid-in capital is below one in the second year and above it in the seventh."""
    rows = books().join(world()["fund"].select("fund_id", "founded_on"), on="fund_id")
    rows = rows.with_columns(age=(pl.col("quarter") - pl.col("founded_on")).dt.total_days() / 365)
    multiple = (pl.col("nav") + pl.col("all_distributed")).sum() / pl.col("all_called").sum()
    young, old = (rows.filter(pl.col("age").is_between(low, low + 1)).select(multiple).item() for low in (0.5, 6))
    assert young < 1 < old


def test_an_exit_sells_no_more_than_is_held_and_only_later():
    exits = world()["fund_exit"].join(
        world()["deal"].select("deal_id", "amount", "closed_on", fund="fund_id"), on="deal_id"
    )
    assert exits.height > 150
    assert exits.filter((pl.col("exited_on") <= pl.col("closed_on")) | (pl.col("fund") != pl.col("fund_id"))).is_empty()
    sums = exits.group_by("deal_id").agg(
        pl.col("holding_sold").sum(), pl.col("cost").sum(), pl.col("amount").first(), pl.col("final").sum()
    )
    assert sums.filter((pl.col("holding_sold") > WHOLE) | (pl.col("cost") > pl.col("amount"))).is_empty()
    full = sums.filter(pl.col("final") == 1)
    assert full.height > 100
    assert full.filter((pl.col("holding_sold") != WHOLE) | (pl.col("cost") != pl.col("amount"))).is_empty()


def test_proceeds_are_the_stake_times_the_value_of_the_firm():
    exits = world()["fund_exit"].filter(pl.col("company_value").is_not_null())
    gap = (pl.col("stake_sold") / WHOLE * pl.col("company_value") - pl.col("proceeds")).abs()
    assert exits.height > 100
    assert exits.filter(gap > 1).is_empty()


def test_backers_of_a_listed_firm_sell_on_the_market_after_the_lock_up():
    found = history(0.05)
    listed = pl.DataFrame({"enterprise_id": found["firm_state"]["firm"], "listed": found["listing_path"]["listed"]})
    market = world(0.05)["fund_exit"].filter(pl.col("route") == "ipo").join(world(0.05)["deal"], on="deal_id")
    both = market.join(listed, on="enterprise_id")
    month = pl.col("exited_on").dt.year().cast(pl.Int64) * 12 + pl.col("exited_on").dt.month() - 1
    assert both.height >= 2
    assert both.filter(month < pl.col("listed") + 12).is_empty()


def test_recent_marks_the_24_months_after_a_round_that_the_firm_seeks():
    """Whichever fund of its block joins; and every closed round is one that was sought."""
    found, recent = history()["equity_wish"], history()["equity_round"]["recent"]
    rounds = pl.DataFrame({name: found[name] for name in ("row", "month")})
    assert rounds.height > 5
    expected = {
        (row, at) for row, month in rounds.iter_rows() for at in range(month + 1 - 24192, min(month + 25 - 24192, 144))
    }
    marked = set(zip(*map(list, recent.nonzero()), strict=True))
    assert {(int(row), int(at)) for row, at in marked} == expected
    closed = history()["equity_round"]
    sought = set(rounds.iter_rows())
    assert set(zip(closed["row"].tolist(), closed["month"].tolist(), strict=True)) <= sought


def test_a_share_is_sold_against_the_last_value_and_only_what_is_held():
    tables = world(0.05)
    sales = tables["fund_transfer"].join(
        tables["fund_commitment"].select("commitment_id", promised="amount"), on="commitment_id"
    )
    assert sales.height > 15
    assert (
        sales.group_by("commitment_id")
        .agg(pl.col("committed").sum(), pl.col("promised").first())
        .filter(pl.col("committed") > pl.col("promised"))
        .is_empty()
    )
    assert sales.filter(pl.col("paid_in") > pl.col("committed")).is_empty()
    on_exchange = sales.filter(pl.col("venue") == "exchange")
    assert on_exchange.height > 0 and on_exchange["transferred_on"].min() >= day("2025-10-24")
    values = tables["fund_cash_flow"].select("fund_id", "quarter", "nav").sort("quarter")
    last = sales.sort("transferred_on").join_asof(
        values, left_on="transferred_on", right_on="quarter", by="fund_id", check_sortedness=False
    )
    last = last.join(tables["fund"].select("fund_id", "size"), on="fund_id")
    part = pl.col("nav").cast(pl.Float64) * pl.col("committed") / pl.col("size")
    assert last["nav"].null_count() == 0
    assert last.filter((pl.col("net_asset_value") - part).abs() > 100).is_empty()


def test_a_deal_is_closed_in_the_fund_s_investment_period_and_after_the_firm_was_founded():
    deals = world()["deal"].join(world()["fund"], on="fund_id")
    late = pl.col("closed_on") > pl.col("invest_end_on") + datetime.timedelta(days=3)
    assert deals.filter((pl.col("closed_on") <= pl.col("filed_on")) | late).is_empty()
    firms = deals.join(
        world()["enterprise"].select("enterprise_id", born="founded_on", gone="dissolved_on"), on="enterprise_id"
    )
    assert firms.height > 30
    assert firms.filter((pl.col("closed_on") < pl.col("born")) | (pl.col("closed_on") > pl.col("gone"))).is_empty()
