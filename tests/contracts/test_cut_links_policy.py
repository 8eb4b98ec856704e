"""Cutting a link among institutions and policy work moves what hangs on it and nothing else.

capital paid in -> net assets (`fiscal.capital`), action plan -> incentives (`policy.plan_effect`), joint bodies ->
delay (`work.delay_per_body`), keenness on one incentive -> on the others (`policy.common`).
"""

from functools import cache

import numpy as np
import polars as pl
import pytest

import sfbench
from tests.world.shared import SEED, day, differing, frames

TABLES = [
    "institution_year",
    "fiscal_support",
    "bank_policy",
    "work_item",
    "data_release",
    "outreach",
    "branch",
    "practice",
    "fintech_pilot",
]
HANGS_ON = {
    "fiscal.capital": {"fiscal_support", "institution_year"},
    "policy.plan_effect": {"bank_policy"},
    "work.delay_per_body": {"work_item"},
    "policy.common": {"bank_policy"},
}


@cache
def base(seed=SEED):
    return frames(sfbench.generate("baseline", scale=1, seed=seed, tables=TABLES))


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """`cut("fiscal.capital")`: the tables of the same city without that link."""
    folder = tmp_path_factory.mktemp("scenarios")

    @cache
    def make(parameter, seed=SEED):
        path = folder / f"no_{parameter.replace('.', '_')}.yaml"
        words = f"title_zh: 断开\ntitle_en: Without {parameter}\ncaption: The link is cut.\n"
        path.write_text(f"extends: baseline\n{words}params:\n  {parameter}: 0\n", encoding="utf-8")
        return frames(sfbench.generate(str(path), scale=1, seed=seed, tables=TABLES))

    return make


@pytest.mark.parametrize("link", HANGS_ON)
def test_a_cut_link_moves_its_own_tables_and_no_other(cut, link):
    moved = {name for name in TABLES if differing(base()[name], cut(link)[name])}
    assert moved == HANGS_ON[link]


# capital -> net assets


def test_without_capital_other_support_is_paid_as_before(cut):
    others = base()["fiscal_support"].filter(pl.col("kind") != "capital")
    assert others.height > 100
    assert not differing(others, cut("fiscal.capital")["fiscal_support"])


def test_without_capital_net_assets_lack_what_was_paid_in_and_the_rest_is_the_same(cut):
    paid = base()["fiscal_support"].filter(pl.col("kind") == "capital")
    paid = paid.group_by("institution_id", "year").agg(pl.col("amount").sum())
    both = base()["institution_year"].join(
        cut("fiscal.capital")["institution_year"], on=["institution_id", "year"], suffix="_cut"
    )
    both = both.join(paid, on=["institution_id", "year"], how="left").sort("institution_id", "year")
    lost = pl.col("amount").fill_null(0).cum_sum().over("institution_id")
    assert both.filter(pl.col("net_assets") - pl.col("net_assets_cut") != lost).is_empty()
    untouched = both.filter(~pl.col("institution_id").is_in(paid["institution_id"].to_list()))
    assert untouched["institution_id"].n_unique() == 108 - 5
    assert untouched.filter(pl.col("total_assets") != pl.col("total_assets_cut")).is_empty()
    assert both.filter(pl.col("products") != pl.col("products_cut")).is_empty()


# plan -> incentives


def test_without_the_plan_incentives_before_it_are_the_same(cut):
    a, b = (
        found["bank_policy"].filter(pl.col("valid_from") < day("2025-01-01")).drop("valid_to")
        for found in (base(), cut("policy.plan_effect"))
    )
    assert a.height > 90
    assert not differing(a, b)


def test_without_the_plan_fewer_banks_have_the_incentives_by_2027(cut):
    def adopted(found):
        last = found["bank_policy"].filter(pl.col("valid_to").is_null())
        assert last.height == 60
        return last.select(
            (pl.col("ftp_cut_bp") > 0).sum(),
            (pl.col("kpi_weight") > 0).sum(),
            (pl.col("npl_tolerance") > 0).sum(),
            pl.col("exemption_rule").sum(),
            pl.col("green_channel_days").count(),
        ).row(0)

    with_plan, without = adopted(base()), adopted(cut("policy.plan_effect"))
    assert all(a >= b for a, b in zip(with_plan, without, strict=True))
    assert sum(with_plan) > sum(without) + 20


# joint bodies -> delay


def test_without_the_delay_tasks_of_one_body_stay_and_others_are_late_less_often(cut):
    key = ["task_id", "due_on"]
    both = base()["work_item"].join(cut("work.delay_per_body")["work_item"], on=key, suffix="_cut")
    alone = both.filter(pl.col("bodies") == 1)
    assert alone.height > 0
    assert alone.filter(pl.col("done_on").ne_missing(pl.col("done_on_cut"))).is_empty()
    closed = both.filter(pl.col("due_on") < day("2027-06-30"))
    late, late_cut = ((closed[name] > closed["due_on"]).fill_null(True) for name in ("done_on", "done_on_cut"))
    assert (late_cut & ~late).sum() == 0
    assert (late & ~late_cut).sum() >= 3


# keenness


def test_without_a_common_keenness_incentives_are_less_often_found_together(cut):
    def correlation(found):
        last = found["bank_policy"].filter(pl.col("version") == 1)
        flags = np.array([last["ftp_cut_bp"] > 0, last["kpi_weight"] > 0, last["exemption_rule"]], float)
        return np.corrcoef(flags)[np.triu_indices(3, 1)].mean()

    seeds = range(6)
    together = np.mean([correlation(base(seed)) for seed in seeds])
    apart = np.mean([correlation(cut("policy.common", seed)) for seed in seeds])
    assert together > apart + 0.15
