"""Cutting a link of the tables about firms moves the named columns and nothing else."""

from functools import cache

import polars as pl
import pytest

import sfbench
from tests.world.shared import SEED, differing, frames

OWN = ["enterprise_year", "carbon_account", "chain_link", "project", "list_entry", "institute", "credit_report"]
TABLES = [*OWN, "enterprise_version", "enterprise", "enterprise_tag", "credit_application"]
SCALE = 0.01
# link -> table -> the columns that move ("rows" where entries come or go).
POINTS_FOLLOW = {"innovation_points"}  # margin and shares are among the indicators
CREDIT_FOLLOWS = {"credit_application": {"rows"}, "credit_report": {"rows"}}  # a leader finances its suppliers
LINKS = {
    "accounts.distress_margin": {"enterprise_year": {"profit"} | POINTS_FOLLOW},
    "accounts.quality_equity": {"enterprise_year": {"net_assets"}},
    "accounts.distress_equity": {"enterprise_year": {"net_assets"}},
    "accounts.quality_margin": {"enterprise_year": {"profit"} | POINTS_FOLLOW},
    "innovation.hnte_tests": {"enterprise_year": {"tech_staff", "high_tech_revenue"} | POINTS_FOLLOW},
    "innovation.rd_scope_other": {"enterprise_year": {"rd_internal"}},
    "stage.growth": {"enterprise_year": {"stage"}},
    "stage.size": {"enterprise_year": {"stage"}},
    "chain.supplier_tech": {"chain_link": {"rows"}, **CREDIT_FOLLOWS},
    "chain.second_leader": {"chain_link": {"rows"}},
    "carbon.intensity_score": {"carbon_account": {"score", "grade"}},
    "carbon.take_up": {"carbon_account": {"rows"}, **CREDIT_FOLLOWS},
    "project.level": {"project": {"rows"}, "list_entry": {"rows"}, **CREDIT_FOLLOWS},
    "list.quality_screened": {
        "list_entry": {"screened_on", "declared_on", "recommended_on", "pushed_on", "removed_on", "removal_reason"}
    },
    "list.distress_screened": {
        "list_entry": {"screened_on", "declared_on", "recommended_on", "pushed_on", "removed_on", "removal_reason"}
    },
    "group.member_medium": {"enterprise": {"group_id"}},
    "institute.hk_share": {
        "institute": {
            "uscc",
            "name_zh",
            "kind",
            "public",
            "district_id",
            "in_hetao",
            "hk_funded",
            "kehuitong_from",
            "sponsor_id",
            "staff",
            "yearly_budget",
            "founded_on",
        }
    },
    "institute.sponsored": {"institute": {"sponsor_id"}},
    "platform.score_quality": {"credit_report": {"score"}},
    "platform.score_distress": {"credit_report": {"score"}},
    "version.ownership": {"enterprise_version": {"rows"}},
    "version.renamed": {"enterprise_version": {"rows"}},
}


@cache
def base():
    return frames(sfbench.generate("baseline", scale=SCALE, seed=SEED, tables=TABLES))


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """`cut("stage.growth")`: the tables of the same city without that link."""
    folder = tmp_path_factory.mktemp("scenarios")

    @cache
    def make(parameter):
        path = folder / f"no_{parameter.replace('.', '_')}.yaml"
        words = f"title_zh: 断开\ntitle_en: Without {parameter}\ncaption: The link is cut.\n"
        path.write_text(f"extends: baseline\n{words}params:\n  {parameter}: 0\n", encoding="utf-8")
        return frames(sfbench.generate(str(path), scale=SCALE, seed=SEED, tables=TABLES))

    return make


@pytest.mark.parametrize("link", LINKS)
def test_a_cut_link_moves_its_own_columns_and_no_other(cut, link):
    moved = {name: set(differing(base()[name], cut(link)[name])) for name in TABLES}
    moved = {name: columns for name, columns in moved.items() if columns}
    assert set(moved) == set(LINKS[link])
    for name, columns in moved.items():
        assert columns == {"rows"} if LINKS[link][name] == {"rows"} else columns <= LINKS[link][name]


# And it moves them the way it should.


def years(tables):
    return tables["enterprise_year"].filter(pl.col("revenue") > 0)


def test_without_distress_fewer_firms_make_a_loss(cut):
    losses = [(years(t)["profit"] < 0).mean() for t in (base(), cut("accounts.distress_margin"))]
    assert losses[0] > losses[1] + 0.02


def test_without_the_tests_some_hnte_lie_below_their_floors(cut):
    def below(tables):
        tags = tables["enterprise_tag"].filter(pl.col("tag") == "HNTE")
        key = ["enterprise_id", pl.col("batch") - 1]
        tested = tags.join(tables["enterprise_year"], left_on=key, right_on=["enterprise_id", "year"])
        low = (pl.col("tech_staff") < 0.1 * pl.col("staff")) | (
            pl.col("high_tech_revenue") + 2 < 0.6 * pl.col("revenue")
        )
        return tested.filter(low).height, tested.height

    (none, count), (some, _) = below(base()), below(cut("innovation.hnte_tests"))
    assert none == 0 and some > 0.2 * count > 20


def test_without_suppliers_only_leaders_are_left(tmp_path):
    words = "extends: baseline\ntitle_zh: 断\ntitle_en: None\ncaption: No supplier.\nparams:\n"
    (tmp_path / "none.yaml").write_text(words + "  chain.supplier_tech: 0\n  chain.supplier_other: 0\n")
    made = frames(sfbench.generate(str(tmp_path / "none.yaml"), scale=SCALE, seed=SEED, tables=["chain_link"]))
    assert set(made["chain_link"]["role"]) == {"leader"}
    assert base()["chain_link"].filter(pl.col("role") == "supplier").height > 50


def test_without_the_link_a_carbon_score_says_nothing_of_emissions(cut):
    def correlation(tables):
        firms = tables["enterprise"].select("enterprise_id", division=pl.col("industry_code").str.slice(0, 3))
        account = tables["carbon_account"].join(firms, on="enterprise_id")
        account = account.with_columns(n=pl.len().over("division")).filter(pl.col("n") >= 10)
        rank = account.with_columns(rank=(pl.col("intensity").rank() / pl.len()).over("division"))
        return rank.select(pl.corr("rank", "score", method="spearman")).item(), rank.height

    (linked, count), (free, _) = correlation(base()), correlation(cut("carbon.intensity_score"))
    assert count > 100
    assert linked < -0.5 < free < 0.3


def test_without_distress_the_score_is_blind_to_it(cut):
    score = [t["credit_report"]["score"].cast(pl.Float64) for t in (base(), cut("platform.score_distress"))]
    down = (score[1] - score[0]).drop_nulls()
    assert (down >= 0).all() and (down > 50).mean() > 0.03


def test_without_quality_or_distress_more_of_the_distressed_pass_the_screening(cut):
    passed = [t["list_entry"]["screened_on"].is_not_null().mean() for t in (base(), cut("list.distress_screened"))]
    assert passed[1] > passed[0] + 0.02
