"""Cutting a link of tech insurance by its parameter moves what hangs on it and nothing else."""

import polars as pl
import pytest

import sfbench
from tests.world.shared import SEED, differing, frames

SCALE = 0.05
TABLES = ("insurance_product", "insurance_policy", "insurance_share", "insurance_claim", "insurance_subsidy")
BESIDE = ("enterprise", "enterprise_tag", "enterprise_year", "loan")


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """`cut("insurance.rd_lift")`: the same city without that link; `cut()`: with all."""
    folder, made = tmp_path_factory.mktemp("scenarios"), {}

    def make(parameter=None):
        if parameter not in made:
            scenario = "baseline"
            if parameter:
                path = folder / f"no_{parameter.replace('.', '_')}.yaml"
                words = f"title_zh: 断开\ntitle_en: Without {parameter}\ncaption: The link is cut.\n"
                path.write_text(f"extends: baseline\n{words}params:\n  {parameter}: 0\n", encoding="utf-8")
                scenario = str(path)
            made[parameter] = frames(sfbench.generate(scenario, scale=SCALE, seed=SEED, tables=TABLES + BESIDE))
        return made[parameter]

    return make


LINKS = {
    "insurance.needs_tag": {"insurance_policy", "insurance_share", "insurance_claim", "insurance_subsidy"},
    "insurance.rd_lift": {"insurance_policy", "insurance_share", "insurance_claim", "insurance_subsidy"},
    "insurance.size_cover": {"insurance_policy", "insurance_share", "insurance_claim", "insurance_subsidy"},
    "insurance.loan_guarantee": {"insurance_policy", "insurance_share", "insurance_claim"},
    "insurance.government": {"insurance_policy", "insurance_subsidy"},
    "insurance.default_claim": {"insurance_claim"},
    "insurance.distress_lift": {"insurance_claim"},
}


@pytest.mark.parametrize("link", LINKS)
def test_a_cut_link_moves_the_tables_that_hang_on_it_and_no_others(cut, link):
    moved = {name for name in TABLES + BESIDE if differing(cut()[name], cut(link)[name])}
    assert moved == LINKS[link]


def policies(tables):
    return tables["insurance_policy"]


def test_without_the_tag_rule_untagged_firms_count_too_and_the_others_policies_stay(cut):
    base, other = policies(cut()), policies(cut("insurance.needs_tag"))
    more = other.join(base, on="policy_id", how="anti")
    assert more.height > 500
    assert not differing(base, other.join(base, on="policy_id", how="semi", maintain_order="left"))
    spells = cut()["enterprise_tag"].filter("in_scope")
    held = more.select("policy_id", "enterprise_id", "starts_on").join(spells, on="enterprise_id")
    held = held.filter(pl.col("starts_on").is_between("valid_from", "valid_to"))
    assert held["policy_id"].n_unique() < 0.2 * more.height  # the month ends around the start decide


def rd_of_insured(tables):
    """Mean R&D ratio of the firms with a policy of the R&D and conversion stages, less that of all insured firms."""
    years = tables["enterprise_year"].filter(pl.col("revenue") > 0)
    years = years.select("enterprise_id", "year", ratio=pl.col("rd_spend") / pl.col("revenue"))
    held = policies(tables).filter(pl.col("loan_id").is_null())
    held = held.with_columns(year=pl.col("starts_on").dt.year().cast(pl.Int64)).join(
        years, on=["enterprise_id", "year"]
    )
    research = held.filter(pl.col("stage") != "operation")
    assert research.height > 300
    return research["ratio"].mean() - held["ratio"].mean()


def test_without_the_research_link_r_and_d_lines_are_held_by_no_more_research_intensive_firms(cut):
    assert rd_of_insured(cut()) - rd_of_insured(cut("insurance.rd_lift")) > 0.002


def test_without_the_research_link_the_lines_of_operation_stay(cut):
    """Employer's liability is what a firm takes that would have nothing else, so it may move."""
    base, other = (
        policies(tables).filter((pl.col("stage") == "operation") & (pl.col("line") != "employer_liability"))
        for tables in (cut(), cut("insurance.rd_lift"))
    )
    assert base.height > 4_000 and not differing(base, other)


def size_and_cover(tables):
    """Rank correlation of revenue and sum insured among property policies of 2025."""
    years = tables["enterprise_year"].filter(pl.col("year") == 2025).select("enterprise_id", "revenue")
    held = policies(tables).filter((pl.col("line") == "property") & (pl.col("starts_on").dt.year() == 2025))
    held = held.join(years, on="enterprise_id")
    assert held.height > 200
    return held.select(pl.corr("revenue", "sum_insured", method="spearman")).item()


def test_without_size_a_large_firm_insures_no_more_than_a_small_one(cut):
    assert size_and_cover(cut()) > 0.6
    assert abs(size_and_cover(cut("insurance.size_cover"))) < 0.2


def test_without_size_only_money_moves(cut):
    money = ["sum_insured", "premium"]
    assert set(differing(policies(cut()), policies(cut("insurance.size_cover")))) == set(money)


def test_without_loan_guarantees_every_other_policy_and_claim_stays(cut):
    base, other = cut(), cut("insurance.loan_guarantee")
    secured = policies(base).filter(pl.col("line") == "loan_guarantee")
    assert secured.height > 300
    assert policies(other).filter(pl.col("line") == "loan_guarantee").is_empty()
    for name in ("insurance_policy", "insurance_share", "insurance_claim"):
        rest = base[name].join(secured, on="policy_id", how="anti", maintain_order="left")
        assert not differing(rest, other[name]), name


def test_without_default_no_loan_guarantee_is_claimed_on_and_other_claims_stay(cut):
    secured = policies(cut()).filter(pl.col("loan_id").is_not_null())
    base, other = cut()["insurance_claim"], cut("insurance.default_claim")["insurance_claim"]
    assert base.join(secured, on="policy_id", how="semi").height > 20
    assert other.join(secured, on="policy_id", how="semi").is_empty()
    assert not differing(base.join(secured, on="policy_id", how="anti", maintain_order="left"), other)


def test_without_distress_only_losses_of_research_and_conversion_fall_away(cut):
    base, other = cut()["insurance_claim"], cut("insurance.distress_lift")["insurance_claim"]
    stages = policies(cut()).select("policy_id", "stage")
    gone = base.join(other, on="claim_id", how="anti").join(stages, on="policy_id")
    assert gone.height > 0 and set(gone["stage"]) <= {"rd", "conversion"}
    assert other.join(base, on="claim_id", how="anti").is_empty()


def test_without_government_every_firm_pays_its_own_premium(cut):
    base, other = policies(cut()), policies(cut("insurance.government"))
    assert base.filter(pl.col("payer") == "government").height > 50
    assert set(other["payer"]) == {"enterprise"}
    assert differing(base, other) == ["payer"]
