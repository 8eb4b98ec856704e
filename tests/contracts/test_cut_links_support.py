"""Cutting a link of what hangs on a loan moves the figures that hang on it and no other table.

default -> guarantee claim, pool filing, accountability case; listed loan -> relending ledger -> draw and subsidy;
tag -> special plan; tech -> pool share; bank policy -> exemption.
"""

import polars as pl
import pytest

from tests.world.shared import SEED, TWO_BLOCKS, differing, world

# link -> tables that hang on it; the first is the one that must move
LINKS = {
    "guarantee.claims": ["guarantee", "risk_claim"],
    "guarantee.special_plan": ["guarantee", "risk_claim", "register_entry"],
    "collateral.revalued": ["collateral"],
    "relending.participation": ["relending_loan", "relending_draw", "interest_subsidy", "loan"],
    "subsidy.city_take_up": ["interest_subsidy", "loan"],
    "subsidy.equipment_take_up": ["interest_subsidy", "loan"],
    "riskpool.claims": ["risk_claim"],
    "riskpool.tilt": ["risk_claim"],
    "accountability.opened": ["accountability_case"],
    "accountability.rule_lift": ["accountability_case"],
}


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """`cut("riskpool.claims")`: the same city without that link."""
    folder = tmp_path_factory.mktemp("scenarios")

    def make(parameter):
        path = folder / f"no_{parameter.replace('.', '_')}.yaml"
        if not path.exists():
            words = f"title_zh: 断开\ntitle_en: Without {parameter}\ncaption: The link is cut.\n"
            path.write_text(f"extends: baseline\n{words}params:\n  {parameter}: 0\n", encoding="utf-8")
        return world(TWO_BLOCKS, SEED, str(path))

    return make


@pytest.mark.parametrize("link", LINKS)
def test_a_cut_link_moves_what_hangs_on_it_and_no_other_table(cut, link):
    base, other = world(), cut(link)
    moved = {name for name in base if differing(base[name], other[name])}
    assert LINKS[link][0] in moved <= set(LINKS[link])
    if "loan" in moved:  # the loan's own code of its fiscal support, nothing else of it
        assert differing(base["loan"], other["loan"]) == ["fiscal_support"]


def test_without_claims_no_guarantor_pays_and_the_contracts_stay(cut):
    base, other = world()["guarantee"], cut("guarantee.claims")["guarantee"]
    assert base["claimed_on"].count() > 20
    steps = [f"{step}_{what}" for step in ("claimed", "compensated", "recovered") for what in ("on", "amount")]
    assert other.select(pl.sum_horizontal(pl.col(steps).count())).item() == 0
    assert not differing(base.drop(*steps, "released_on"), other.drop(*steps, "released_on"))
    unclaimed = base["claimed_on"].is_null()
    assert base.filter(unclaimed)["released_on"].equals(other.filter(unclaimed)["released_on"])


def test_without_claims_the_pool_bears_what_guarantors_would(cut):
    base, other = world()["risk_claim"], cut("guarantee.claims")["risk_claim"]
    assert (other["net_principal"] >= base["net_principal"]).all()
    assert (other["net_principal"] == other["npl_principal"]).all()


def test_without_the_special_plan_its_contracts_go_elsewhere_and_the_principal_stays(cut):
    base, other = world()["guarantee"], cut("guarantee.special_plan")["guarantee"]
    assert (base["kind"] == "special_plan").sum() > 50
    assert (other["kind"] == "special_plan").sum() == 0
    terms = ["guarantee_id", "loan_id", "started_on", "ends_on", "principal"]
    assert not differing(base.select(terms), other.select(terms))
    seed = pl.col("kind") == "seed_plan"
    assert not differing(base.filter(seed), other.filter(seed))


def test_without_participation_there_is_no_ledger_no_draw_and_no_central_subsidy(cut):
    base, other = world(), cut("relending.participation")
    for name in ("relending_loan", "relending_draw"):
        assert base[name].height > 10 and other[name].height == 0, name
    city = pl.col("scheme") == "city_sme"
    assert base["interest_subsidy"].filter(~city).height > 10
    assert other["interest_subsidy"].filter(~city).height == 0
    kept = (
        base["interest_subsidy"].filter(city).join(other["interest_subsidy"], on=["loan_id", "period_to"], how="semi")
    )
    assert kept.height == base["interest_subsidy"].filter(city).height


@pytest.mark.parametrize(
    ("link", "scheme"), [("subsidy.city_take_up", "city_sme"), ("subsidy.equipment_take_up", "central_equipment")]
)
def test_without_take_up_a_scheme_pays_nothing(cut, link, scheme):
    mine = pl.col("scheme") == scheme
    assert world()["interest_subsidy"].filter(mine).height > 10
    assert cut(link)["interest_subsidy"].filter(mine).height == 0


def test_without_filings_the_pool_pays_nothing(cut):
    assert world()["risk_claim"].height > 20
    assert cut("riskpool.claims")["risk_claim"].height == 0


def test_without_the_tilt_a_favoured_loan_gets_the_share_of_its_size(cut):
    base, other = world()["risk_claim"], cut("riskpool.tilt")["risk_claim"]
    tilted = pl.col("tilted") & pl.col("share").is_not_null()
    a, b = base.filter(tilted), other.filter(tilted)
    assert a.height > 5
    assert (a["share"] > b["share"]).all()
    assert not differing(base.filter(~pl.col("tilted")), other.filter(~pl.col("tilted")))
    assert a["net_principal"].equals(b["net_principal"])


def test_without_the_rule_s_lift_fewer_cases_end_in_exemption_and_none_in_more(cut):
    base, other = world()["accountability_case"], cut("accountability.rule_lift")["accountability_case"]
    assert not differing(base.drop("outcome", "ground"), other.drop("outcome", "ground"))
    exempted = [(found["outcome"] == "exempted").fill_null(False) for found in (base, other)]
    assert base.height > 200
    assert exempted[0].mean() - exempted[1].mean() > 0.05
    assert (~exempted[1] | exempted[0]).all(), "who is exempted without the rule is exempted with it"
