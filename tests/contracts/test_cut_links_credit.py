"""Cutting what leads to bank credit from outside the bank: an equity round, a chain's leader, a project, a rating.

equity -> credit (`credit.equity_lift`), leader -> supplier's credit (`credit.chain_finance`), renewal project -> loan
for it (`credit.renewal_finance`), carbon account -> loan (`credit.carbon_finance`), score -> rate (`carbon.rate_cut`),
growth -> rate of Tengfei 1.0 (`tengfei.rate_step`).
"""

import numpy as np
import polars as pl
import pytest

from sfbench.world import blocks
from sfbench.world.plan import plan
from tests.contracts.test_cut_links import assert_same_for, cut  # noqa: F401 (a fixture)
from tests.world.shared import SEED, differing, history, world

RENEWAL, SUPPLY_CHAIN, CARBON = 9, 15, 28  # positions among the products
LINKS = ["credit.equity_lift", "credit.chain_finance", "credit.renewal_finance", "credit.carbon_finance"]
APPROVED = 0


def requests(found):
    names = ["attempt", "row", "product", "decision", "applied_on"]
    return pl.DataFrame({name: found["credit_history"][name] for name in names})


def changed(a, b, name):
    """Requests that both worlds have and in which a column differs."""
    both = a.join(b, on="attempt", suffix="_cut")
    return both.filter(pl.col(name) != pl.col(f"{name}_cut"))


def backed():
    """Rows of the firms of the first block that ever were in the two years after a round with a fund."""
    return np.flatnonzero(history()["equity_round"]["recent"].any(axis=1))


def firms(rows):
    return pl.DataFrame({"enterprise_id": history()["firm_state"]["firm"][rows]})


def others(rows):
    return firms(np.setdiff1d(np.arange(len(history()["firm_state"]["firm"])), rows))


@pytest.mark.parametrize("link", [*LINKS, "carbon.rate_cut"])
def test_rounds_tags_chains_and_distress_stay(cut, link):  # noqa: F811
    for name in ("enterprise_tag", "chain_link", "deal", "fund", "enterprise_year", "project", "carbon_account"):
        assert not differing(world()[name], cut(link)[name]), name
    for name, column in history()["firm_month"].items():
        assert np.array_equal(column, cut(link, history)["firm_month"][name]), name


def test_without_equity_lift_requests_after_a_round_are_refused_more_often(cut):  # noqa: F811
    found = changed(requests(history()), requests(cut("credit.equity_lift", history)), "decision")
    first = found.sort("attempt").group_by("row").first()  # later requests follow from the first other decision
    assert first.height >= 3
    assert set(first["decision"]) == {APPROVED}
    assert set(first["row"]) <= set(backed().tolist())


def test_without_equity_lift_a_firm_that_never_raised_equity_has_the_same_life(cut):  # noqa: F811
    assert_same_for(others(backed()), world(), cut("credit.equity_lift"))


def test_without_chain_finance_suppliers_ask_for_other_products(cut):  # noqa: F811
    a, b = requests(history()), requests(cut("credit.chain_finance", history))
    moved = changed(a, b, "product")
    to_chain = moved.filter(pl.col("product") == SUPPLY_CHAIN)
    assert to_chain.height > 30
    supplies = history()["chain_link"]["_supplier_from"] < 1 << 40
    assert set(moved["row"]) <= set(np.flatnonzero(supplies).tolist())
    assert (b["product"] == SUPPLY_CHAIN).sum() < (a["product"] == SUPPLY_CHAIN).sum()


def test_without_chain_finance_a_firm_that_supplies_no_leader_has_the_same_life(cut):  # noqa: F811
    supplies = np.flatnonzero(history()["chain_link"]["_supplier_from"] < 1 << 40)
    assert_same_for(others(supplies), world(), cut("credit.chain_finance"))


def in_work():
    return np.flatnonzero(history()["project"]["_renewing"].any(axis=1))


def test_without_renewal_finance_firms_that_renew_equipment_ask_for_other_products(cut):  # noqa: F811
    a, b = requests(history()), requests(cut("credit.renewal_finance", history))
    moved = changed(a, b, "product")
    assert moved.filter(pl.col("product") == RENEWAL).height > 10
    assert set(moved["row"]) <= set(in_work().tolist())
    assert (b["product"] == RENEWAL).sum() < (a["product"] == RENEWAL).sum()
    assert_same_for(others(in_work()), world(), cut("credit.renewal_finance"))


def rated():
    return np.flatnonzero(history()["carbon_account"]["_carbon_from"] < 1 << 40)


def test_without_carbon_finance_nobody_asks_for_a_carbon_reduction_loan(cut):  # noqa: F811
    a, b = requests(history()), requests(cut("credit.carbon_finance", history))
    assert set(a.filter(pl.col("product") == CARBON)["row"]) <= set(rated().tolist())
    assert not (b["product"] == CARBON).sum()
    assert_same_for(others(rated()), world(), cut("credit.carbon_finance"))


def rate_over_score(made):
    """Of carbon-reduction notes: the score at grant, and the spread over the LPR in basis points."""
    note, score = made["note"], made["carbon_account"]["_score_in"]
    some = note["product"] == CARBON
    month = note["granted_on"][some].astype("datetime64[D]").astype("datetime64[M]").astype(int) + (1970 - 2016) * 12
    return score[note["row"][some], month].astype(int), (note["rate"] - note["lpr"])[some] / 1000


def test_without_the_cut_the_rate_of_a_carbon_reduction_loan_does_not_follow_the_score(cut):  # noqa: F811
    """Two basis points a point of score (carbon.rate_cut) around the usual score of 65, within the product's bounds."""
    (score, spread), (same, free) = rate_over_score(history()), rate_over_score(cut("carbon.rate_cut", history))
    assert len(score) > 5 and np.array_equal(score, same)
    assert score.min() > 0, "each borrower is rated at grant"
    expected, moved = -2.0 * (score - 65), spread - free
    inside = (spread > -120) & (spread < 30) & (free > -120) & (free < 30)
    assert inside.sum() >= 3 and np.all(np.abs(moved - expected)[inside] <= 1)
    assert np.all(moved * expected >= 0) and np.all(np.abs(moved) <= np.abs(expected) + 1), "at a bound it moves less"
    for name in ("amount", "tenor", "granted_on", "bank"):
        a, b = history()["note"], cut("carbon.rate_cut", history)["note"]
        assert np.array_equal(a[name], b[name]), name
        assert np.array_equal(a["rate"][a["product"] != CARBON], b["rate"][b["product"] != CARBON])


TENGFEI_SCALE, TENGFEI = 0.1, 18  # such notes are few: position among the products


def tied_rates(scenario):
    """By month end of a note of Tengfei 1.0: its age, rate, whether the firm grew, spread; and sums of all others."""
    wish, found, others_ = plan(scenario, scale=TENGFEI_SCALE, seed=SEED, tables=("loan_balance",)), [], []
    small = blocks.prelude(wish)
    for index in range(wish.blocks):
        made = blocks.make(wish, wish.block(index), small)[0]
        note, panel, revenue = made["note"], made["loan_balance"], made["firm_month"]["revenue"]
        tied = note["product"][panel["_note"]] == TENGFEI
        others_.append((panel["rate"][~tied].sum(), panel["balance"].sum()))
        at, month = panel["_note"][tied], panel["_month"][tied] + 2022 * 12
        granted = note["granted_on"][at].astype("datetime64[D]").astype("datetime64[M]").astype(int) + 1970 * 12
        age, row = month - granted, note["row"][at]
        last = (month - age % 12) // 12 - 1 - 2015
        met = revenue[row, last] >= 1.1 * revenue[row, last - 1]
        spread = (note["rate"] - note["lpr"])[at]
        fixed = np.where(note["floating"][at], 0, note["rate"][at])
        found.append(np.stack([age, panel["rate"][tied], met, spread, fixed]))
    return np.concatenate(found, axis=1).astype(int), others_


def test_a_tengfei_1_rate_steps_down_for_a_firm_that_grew_and_up_for_one_that_did_not(tmp_path):
    path = tmp_path / "cut.yaml"
    words = "title_zh: 断开\ntitle_en: Cut\ncaption: The link is cut.\nparams:\n  tengfei.rate_step: 0\n"
    path.write_text(f"extends: baseline\n{words}", encoding="utf-8")
    (age, rate, met, spread, _), rest = tied_rates("baseline")
    (_, free, _, _, fixed), same = tied_rates(str(path))
    assert rest == same, "no other rate moves, and no balance"
    assert np.array_equal(free[fixed > 0], fixed[fixed > 0]), "without the link a fixed rate is fixed"
    moved = rate - free
    assert len(rate) > 100 and not moved[age < 12].any()
    first = (age >= 12) & (age < 24)
    # Ten basis points a step (tengfei.rate_step), within 100 bp below the LPR and 40 above it.
    expected = np.clip(np.where(met, -10_000, 10_000), -100_000 - spread, 40_000 - spread)[first]
    assert 0 < met[first].sum() < first.sum()
    assert np.array_equal(moved[first], expected)
