"""Cutting what leads to bank credit from outside the bank: an equity round, a chain's leader, a project, a rating.

equity -> credit (`credit.equity_lift`), leader -> supplier's credit (`credit.chain_finance`), renewal project -> loan
for it (`credit.renewal_finance`), carbon account -> loan (`credit.carbon_finance`), score -> rate (`carbon.rate_cut`).
"""

import numpy as np
import polars as pl
import pytest

from tests.contracts.test_cut_links import assert_same_for, cut  # noqa: F401 (a fixture)
from tests.world.shared import differing, history, world

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
    """(points of score, what the rate lies below that without the link in bp), of carbon-reduction notes."""
    note, score = made["note"], made["carbon_account"]["_score_in"]
    some = note["product"] == CARBON
    month = note["granted_on"][some].astype("datetime64[D]").astype("datetime64[M]").astype(int) + (1970 - 2016) * 12
    return score[note["row"][some], month], note["rate"][some] / 1000


def test_without_the_cut_the_rate_of_a_carbon_reduction_loan_does_not_follow_the_score(cut):  # noqa: F811
    """Two basis points a point of score (carbon.rate_cut) around the usual score of 65, within the product's bounds."""
    (score, rate), (same, free) = rate_over_score(history()), rate_over_score(cut("carbon.rate_cut", history))
    assert len(score) > 10 and np.array_equal(score, same)
    assert score.min() > 0, "each borrower is rated at grant"
    expected = -2.0 * (score.astype(int) - 65)
    moved = rate - free
    assert np.all(moved * expected >= 0) and np.all(np.abs(moved) <= np.abs(expected) + 1)
    assert np.mean(np.abs(moved - expected) <= 1) > 0.5, "the bounds do not bind most"
    for name in ("amount", "tenor", "granted_on", "bank"):
        a, b = history()["note"], cut("carbon.rate_cut", history)["note"]
        assert np.array_equal(a[name], b[name]), name
        assert np.array_equal(a["rate"][a["product"] != CARBON], b["rate"][b["product"] != CARBON])
