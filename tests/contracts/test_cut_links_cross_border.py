"""Cutting a link of cross-border finance by its parameter moves what hangs on it and nothing else."""

import json

import polars as pl
import pytest

import sfbench
from tests.world.shared import SEED, differing, frames

SCALE = 0.05
MORE = {  # of what is rare, so that a small city has enough
    "facility.take_up_large": 0.12,
    "facility.take_up_medium": 0.06,
    "facility.take_up_small": 0.016,
    "facility.take_up_micro": 0.0024,
    "pool.number": 300,
    "report.abroad": 0.06,
    "report.of_loans": 0.01,
}
TABLES = (
    *("cross_border_facility", "cross_border_debt", "cash_pool", "cash_pool_member", "cash_pool_flow"),
    *("research_transfer", "qflp", "qflp_inflow", "cross_border_report"),
)
BESIDE = ("enterprise", "enterprise_tag", "institute", "loan")
LINKS = {
    "facility.needs_tag": {"cross_border_facility", "cross_border_debt"},
    "facility.needs_points": {"cross_border_facility", "cross_border_debt"},
    "pool.group_members": {"cash_pool_member"},
    "kehuitong.needs_right": {"research_transfer"},
    "report.needs_tag": {"cross_border_report"},
    "report.of_loans": {"cross_border_report"},
}


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """`cut("facility.needs_tag")`: the same city without that link; `cut()`: with all."""
    folder, made = tmp_path_factory.mktemp("scenarios"), {}

    def make(parameter=None):
        if parameter not in made:
            path = folder / f"no_{parameter}.yaml"
            words = f"title_zh: 断开\ntitle_en: Without {parameter}\ncaption: The link is cut.\n"
            params = MORE | ({parameter: 0} if parameter else {})
            path.write_text(f"extends: baseline\n{words}params: {json.dumps(params)}\n", encoding="utf-8")
            made[parameter] = frames(sfbench.generate(path, scale=SCALE, seed=SEED, tables=TABLES + BESIDE))
        return made[parameter]

    return make


@pytest.mark.parametrize("link", LINKS)
def test_a_cut_link_moves_the_tables_that_hang_on_it_and_no_others(cut, link):
    moved = {name for name in TABLES + BESIDE if differing(cut()[name], cut(link)[name])}
    assert moved == LINKS[link]


def test_without_the_qualification_rule_firms_without_one_register_and_draw(cut):
    base, other = cut()["cross_border_facility"], cut("facility.needs_tag")["cross_border_facility"]
    assert base["qualification"].null_count() == 0
    free = other.filter(pl.col("qualification").is_null())
    assert free.height > 3
    debt = cut("facility.needs_tag")["cross_border_debt"].join(free, on="enterprise_id", how="semi")
    assert (debt["drawn"] > 0).any()


def test_without_points_no_firm_has_the_larger_quota_and_the_others_stay(cut):
    base, other = cut()["cross_border_facility"], cut("facility.needs_points")["cross_border_facility"]
    larger = base.filter(pl.col("basis") == "points")
    assert larger.height > 3
    assert set(other["basis"]) == {"pilot", "rule_2022"}
    rest = base.filter(pl.col("basis") != "points")
    assert not differing(rest.drop("replaced_on"), other.drop("replaced_on"))
    spared = cut()["cross_border_debt"].join(larger, on="enterprise_id", how="anti", maintain_order="left")
    left = cut("facility.needs_points")["cross_border_debt"]
    assert not differing(spared, left.join(larger, on="enterprise_id", how="anti", maintain_order="left"))


def test_without_groups_only_leaders_are_members_in_the_city(cut):
    base, other = cut()["cash_pool_member"], cut("pool.group_members")["cash_pool_member"]
    assert base.filter((pl.col("place") == "shenzhen") & (pl.col("member_no") > 0)).height > 10
    assert set(other.filter(pl.col("place") == "shenzhen")["member_no"]) == {0}


def test_without_the_right_any_institute_transfers_and_the_others_transfers_stay(cut):
    base, other = cut()["research_transfer"], cut("kehuitong.needs_right")["research_transfer"]
    hong_kong = cut()["institute"].filter("hk_funded").select("institute_id")
    assert not differing(base, other.join(hong_kong, on="institute_id", how="semi", maintain_order="left"))
    assert other.join(hong_kong, on="institute_id", how="anti").height > 100


def test_without_the_tag_rule_untagged_firms_are_asked_about_too(cut):
    base, other = cut()["cross_border_report"], cut("report.needs_tag")["cross_border_report"]
    more = other.join(base, on="report_id", how="anti")
    assert more.height > 20 and set(more["direction"]) == {"outbound"}
    assert not differing(base, other.join(base, on="report_id", how="semi", maintain_order="left"))


def test_without_reports_of_loans_only_the_city_s_first_is_left(cut):
    base, other = cut()["cross_border_report"], cut("report.of_loans")["cross_border_report"]
    inbound = pl.col("direction") == "inbound"
    assert base.filter(inbound).height > 50 and other.filter(inbound).height == 1
    assert not differing(base.filter(~inbound), other.filter(~inbound))
