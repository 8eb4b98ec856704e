"""Cutting a link of the capital market moves what hangs on it and nothing else.

strength -> listing (`listing.quality_entry`), distress -> listing (`listing.distress_penalty`), specialised board ->
NEEQ (`listing.specialised_up`), listing -> bonds (`bond.listed_weight`, neutral at 1), guarantee -> coupon
(`bond.guarantee_pricing`), default -> bonds (`bond.default_link`), loan -> warrant (`warrant.with_loan`), equity round
-> agreement (`link.other_notes`).
"""

from functools import cache

import numpy as np
import polars as pl
import pytest

import sfbench
from sfbench.world import blocks
from sfbench.world.plan import plan
from tests.world.shared import SEED, differing, frames

SCALE = 0.1
NEUTRAL = {"bond.listed_weight": 1}
BOND_TABLES = {"bond_pipeline", "bond", "bond_holding", "credit_protection"}
OWN = sorted({"listing", "merger", "warrant", "warrant_valuation", "investment_link"} | BOND_TABLES)
TABLES = [*OWN, "enterprise", "enterprise_tag", "institution"]
HANGS_ON = {
    "listing.specialised_up": {"listing"},
    "bond.listed_weight": BOND_TABLES - {"bond_holding"},  # who holds a bond does not hang on its issuer
    "bond.guarantee_pricing": {"bond"},
    "warrant.with_loan": {"warrant", "warrant_valuation"},
    "link.other_notes": {"investment_link"},
}
NEVER = 1 << 40


@cache
def base(seed=SEED):
    return frames(sfbench.generate("baseline", scale=SCALE, seed=seed, tables=TABLES))


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """`without("bond.default_link")`: the path of a scenario that lacks the link."""
    folder = tmp_path_factory.mktemp("scenarios")

    def make(parameter):
        path = folder / f"no_{parameter.replace('.', '_')}.yaml"
        words = f"title_zh: 断开\ntitle_en: Without {parameter}\ncaption: The link is cut.\n"
        value = NEUTRAL.get(parameter, 0)
        path.write_text(f"extends: baseline\n{words}params:\n  {parameter}: {value}\n", encoding="utf-8")
        return str(path)

    return make


@pytest.fixture(scope="module")
def cut(without):
    @cache
    def make(parameter, seed=SEED):
        return frames(sfbench.generate(without(parameter), scale=SCALE, seed=seed, tables=TABLES))

    return make


@cache
def firms(scenario="baseline"):
    """(quality, in distress at the file, coached, filed) of the firms that enter the mainland pipeline from 2016 on."""
    wish = plan(scenario, scale=SCALE, seed=SEED, tables=("listing",))
    found = []
    for index in range(wish.blocks):
        made, _ = blocks.make(wish, wish.block(index), blocks.prelude(wish))
        path = made["listing_path"]
        row = np.flatnonzero((path["coached"] >= 2016 * 12) & (path["coached"] < NEVER))
        found.append(
            pl.DataFrame(
                {"firm": made["firm_state"]["firm"][row], "quality": made["firm_state"]["quality"][row]}
                | {name: path[name][row] for name in ("coached", "filed")}
            )
        )
    return pl.concat(found)


@pytest.mark.parametrize("link", HANGS_ON)
def test_a_cut_link_moves_its_own_tables_and_no_other(cut, link):
    moved = {name for name in TABLES if differing(base()[name], cut(link)[name])}
    assert moved == HANGS_ON[link]


def test_without_strength_those_who_enter_the_pipeline_are_no_stronger_than_others(without):
    assert firms()["quality"].mean() > 0.2
    assert abs(firms(without("listing.quality_entry"))["quality"].mean()) < 0.2


def test_without_distress_some_file_that_did_not_and_nobody_stops_filing(without):
    both = firms().join(firms(without("listing.distress_penalty")), on="firm", suffix="_cut")
    assert both.height == firms().height
    changed = both.filter(pl.col("filed") != pl.col("filed_cut"))
    assert changed.height > 0
    assert changed.filter((pl.col("filed") < NEVER) | (pl.col("filed_cut") == NEVER)).is_empty()


def test_without_the_specialised_board_as_a_ladder_only_later_quotations_go(cut):
    """Who is on the board stays; only its firms without another way to a market lose their move to NEEQ."""
    a, b = base()["listing"], cut("listing.specialised_up")["listing"]
    key = ["enterprise_id", "step", "step_on"]
    gone = a.join(b, on=key, how="anti")
    assert gone.height > 0
    assert set(gone["step"]) <= {"neeq", "moved_up"}
    assert b.filter((pl.col("step") == "moved_up") & (pl.col("market") == "neeq")).is_empty()
    new = b.join(a, on=key, how="anti")
    assert set(new["step"]) <= {"financed"}  # a financing that the move had cut off


def test_without_guarantee_pricing_only_coupons_of_guaranteed_bonds_rise(cut):
    a, b = base()["bond"], cut("bond.guarantee_pricing")["bond"]
    assert differing(a, b) == ["coupon"]
    both = a.join(b.select("bond_id", other="coupon"), on="bond_id")
    moved = both.filter(pl.col("coupon") != pl.col("other"))
    assert moved.height > 5
    assert moved.filter(
        pl.col("guarantor_id").is_null() | (pl.col("other") < pl.col("coupon")) | (pl.col("issuer_rating") == "AAA")
    ).is_empty()


def listed_share(found):
    """Share of the bonds of tech firms whose issuer is listed at some time."""
    listed = found["listing"].filter(pl.col("step") == "listed").select("enterprise_id").unique()
    bonds = found["bond_pipeline"].filter(pl.col("enterprise_id").is_not_null())
    return bonds.join(listed, on="enterprise_id", how="semi").height / bonds.height


def test_without_the_link_from_listing_listed_firms_issue_less_often(cut):
    assert listed_share(cut("bond.listed_weight")) < listed_share(base()) - 0.05


def test_without_the_link_from_default_no_bond_is_in_default(cut):
    seed = next(s for s in range(20, 60) if base(s)["bond"]["defaulted_on"].count() > 0)
    a, b = base(seed), cut("bond.default_link", seed)
    assert b["bond"]["defaulted_on"].count() == 0 and b["credit_protection"]["triggered_on"].count() == 0
    assert set(differing(a["bond"], b["bond"])) <= {"defaulted_on", "redeemed_on"}
    untouched = set(TABLES) - {"bond", "bond_holding", "credit_protection"}
    assert not [name for name in untouched if differing(a[name], b[name])]


def test_without_the_link_to_other_loans_only_warrant_loans_come_with_a_warrant(cut):
    """Warrants of the product stay as they are; one firm of the first block always has one."""
    a, b = base()["warrant"], cut("warrant.with_loan")["warrant"]
    gone = a.join(b, on="warrant_id", how="anti")
    assert gone.height > 20
    stay = a.join(gone, on="warrant_id", how="anti")
    kept = b.join(a.select("warrant_id"), on="warrant_id")
    assert not differing(stay, kept)
    assert b.height - kept.height <= 1


def test_without_the_link_to_other_notes_the_agreements_of_the_product_stay(cut):
    a, b = base()["investment_link"], cut("link.other_notes")["investment_link"]
    gone = a.join(b, on="link_id", how="anti")
    assert gone.height > 5
    assert gone["deal_id"].null_count() == 0
    assert not differing(a.join(gone, on="link_id", how="anti"), b)
