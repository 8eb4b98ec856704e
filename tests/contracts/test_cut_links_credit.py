"""Cutting what leads to bank credit from outside the bank: an equity round, and a chain's leader.

equity -> credit (`credit.equity_lift`), leader -> supplier's credit (`credit.chain_finance`).
"""

import numpy as np
import polars as pl
import pytest

from tests.contracts.test_cut_links import assert_same_for, cut  # noqa: F401 (a fixture)
from tests.world.shared import differing, history, world

SUPPLY_CHAIN = 15  # position among the products
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


@pytest.mark.parametrize("link", ["credit.equity_lift", "credit.chain_finance"])
def test_rounds_tags_chains_and_distress_stay(cut, link):  # noqa: F811
    for name in ("enterprise_tag", "chain_link", "deal", "fund", "enterprise_year"):
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
