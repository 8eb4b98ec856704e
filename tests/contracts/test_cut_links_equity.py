"""Cutting a link of the equity side by its parameter moves what hangs on it and nothing else.

tag, quality, distress -> rounds; listing -> rounds before it and exits after it; public parents -> sub-funds; firms of
the city -> funds; default -> value of a holding; venue -> transfers and their price.
"""

import numpy as np
import polars as pl
import pytest

import sfbench
from tests.world.shared import SEED, TWO_BLOCKS, differing, frames, history

FUNDS = ["fund_manager", "fund", "fund_commitment", "capital_call"]
EQUITY = [*FUNDS, "deal", "fund_exit", "fund_cash_flow", "fund_transfer"]
REGISTERS = ["enterprise_tag", "listing"]
WISH = ["row", "stage", "month", "day", "amount", "pre_money"]
NEVER = 1 << 40


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """`scenario("equity.tag_lift")`: path of a scenario without that link."""
    folder = tmp_path_factory.mktemp("scenarios")

    def path(parameter, value=0):
        file = folder / f"no_{parameter.replace('.', '_')}.yaml"
        words = f"title_zh: 断开\ntitle_en: Without {parameter}\ncaption: The link is cut.\n"
        file.write_text(f"extends: baseline\n{words}params:\n  {parameter}: {value}\n", encoding="utf-8")
        return str(file)

    return path


@pytest.fixture(scope="module")
def tables():
    """The equity tables and registers of a scenario, made once each."""
    made = {}

    def make(name="baseline"):
        if name not in made:
            found = sfbench.generate(name, scale=TWO_BLOCKS, seed=SEED, tables=[*EQUITY, *REGISTERS])
            made[name] = frames(found)
        return made[name]

    return make


def wishes(found):
    """Rounds that firms would close, with the firm's number."""
    wish = found["equity_wish"]
    return pl.DataFrame({name: wish[name] for name in WISH}).sort("row", "month")


def same_for(firms, a, b):
    """The rounds of these firms (a mask by row) are the same, cell for cell."""
    rows = np.flatnonzero(firms)
    left, right = (wishes(found).filter(pl.col("row").is_in(rows)) for found in (a, b))
    assert left.height > 5
    assert not differing(left, right)


def unchanged(base, other, names):
    for name in names:
        assert not differing(base[name], other[name]), name


@pytest.mark.parametrize(
    "link",
    [
        "equity.tag_lift",
        "equity.quality_lift",
        "equity.distress_penalty",
        "equity.before_listing",
        "equity.city_weight",
    ],
)
def test_a_cut_link_of_rounds_leaves_funds_and_registers_alone(scenario, tables, link):
    base, other = tables(), tables(scenario(link))
    unchanged(base, other, [*FUNDS, *REGISTERS])
    assert differing(base["deal"], other["deal"])


def test_without_tag_lift_tagged_firms_raise_less_and_others_the_same(scenario):
    base, other = history(), history(TWO_BLOCKS, SEED, scenario("equity.tag_lift"))
    never = ~(base["tag_month"]["held"] & 1).any(axis=1)
    same_for(never, base, other)
    assert wishes(other).height < wishes(base).height


def test_without_distress_penalty_distressed_firms_raise_more_and_others_the_same(scenario):
    base, other = history(), history(TWO_BLOCKS, SEED, scenario("equity.distress_penalty"))
    same_for(~base["firm_month"]["distress"].any(axis=1), base, other)
    assert wishes(other).height > wishes(base).height


def test_without_quality_lift_strong_firms_raise_no_more_than_others(scenario):
    def lead(found):
        """Mean quality of the firms by the number of their rounds: those of three or more less those of one."""
        rounds = wishes(found).group_by("row").len()
        quality = found["firm_state"]["quality"][rounds["row"].to_numpy()]
        many = rounds["len"].to_numpy() >= 3
        return quality[many].mean() - quality[rounds["len"].to_numpy() == 1].mean()

    base, other = history(), history(TWO_BLOCKS, SEED, scenario("equity.quality_lift"))
    assert lead(base) > lead(other)


def test_without_the_listing_link_fewer_firms_of_the_pipeline_raise_and_others_the_same(scenario):
    base, other = history(), history(TWO_BLOCKS, SEED, scenario("equity.before_listing"))
    path = base["listing_path"]
    bound = (path["coached"] < NEVER) | (path["filed"] < NEVER)
    same_for(~bound, base, other)
    rows = np.flatnonzero(bound)
    count = [wishes(found).filter(pl.col("row").is_in(rows))["row"].n_unique() for found in (base, other)]
    assert count[1] < count[0]


def test_without_the_city_link_funds_buy_only_elsewhere(scenario, tables):
    base, other = tables(), tables(scenario("equity.city_weight"))
    inside = pl.col("enterprise_id").is_not_null() & (pl.col("amount") > 0)
    assert base["deal"].filter(inside).height > 20
    assert other["deal"].filter(inside).is_empty()
    assert other["deal"].height > 100


def test_without_public_money_no_fund_has_a_parent_and_each_is_as_large(scenario, tables):
    base, other = tables(), tables(scenario("fund.public_share"))
    assert base["fund"]["parent_fund_id"].drop_nulls().len() > 15
    assert other["fund"]["parent_fund_id"].drop_nulls().is_empty()
    assert "public_fund" not in set(other["fund_commitment"]["investor_kind"])
    assert set(differing(base["fund"], other["fund"])) <= {"parent_fund_id", "cluster_id"}
    unchanged(base, other, ["fund_manager", "deal", "fund_exit", "fund_cash_flow", *REGISTERS])


def test_without_exits_on_the_market_backers_of_listed_firms_leave_by_other_routes(scenario, tables):
    base, other = tables(), tables(scenario("equity.listing_exit"))
    unchanged(base, other, [*FUNDS, "deal", *REGISTERS])
    assert (base["fund_exit"]["route"] == "ipo").sum() > 10
    assert "ipo" not in set(other["fund_exit"]["route"])
    sold = base["fund_exit"].filter(pl.col("route") == "ipo")["deal_id"].unique().to_list()
    rest = [found["fund_exit"].filter(~pl.col("deal_id").is_in(sold)) for found in (base, other)]
    assert not differing(
        rest[0], rest[1].join(rest[0].select("deal_id").unique(), on="deal_id", how="semi", maintain_order="left")
    )


def test_without_the_mark_down_only_holdings_in_defaulted_firms_are_worth_more(scenario, tables):
    path = scenario("equity.default_mark", 1)
    base, other = tables(), tables(path)
    unchanged(base, other, [*FUNDS, "deal", *REGISTERS])
    a, b = history()["holding"], history(TWO_BLOCKS, SEED, path)["holding"]
    spared = a["default"] == NEVER
    assert np.array_equal(a["level"][spared], b["level"][spared])
    assert (b["level"] >= a["level"]).all()
    assert (~spared).any() and (b["level"][~spared] > a["level"][~spared]).any()


def test_without_the_exchange_shares_change_hands_by_agreement(scenario, tables):
    base, other = tables(), tables(scenario("equity.on_exchange"))
    unchanged(base, other, [name for name in EQUITY if name != "fund_transfer"])
    assert "exchange" in set(base["fund_transfer"]["venue"])
    assert set(other["fund_transfer"]["venue"]) == {"bilateral"}
    assert set(differing(base["fund_transfer"], other["fund_transfer"])) <= {"venue", "institution_id", "price"}


def test_without_the_exchange_s_premium_only_prices_there_fall(scenario, tables):
    base, other = tables(), tables(scenario("equity.exchange_premium"))
    assert differing(base["fund_transfer"], other["fund_transfer"]) == ["price"]
    both = base["fund_transfer"].join(other["fund_transfer"].select("transfer_id", lower="price"), on="transfer_id")
    assert both.filter(pl.col("venue") == "bilateral", pl.col("price") != pl.col("lower")).is_empty()
    assert both.filter(pl.col("venue") == "exchange", pl.col("price") <= pl.col("lower")).is_empty()
