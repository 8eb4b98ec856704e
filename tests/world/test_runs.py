"""Runs of blocks give the worlds that single blocks give."""

from dataclasses import replace

import numpy as np
import pytest

from sfbench.bench import worlds as made
from sfbench.bench.questions import question
from sfbench.content import listing, scenario, tables
from sfbench.kit import calibration_numbers
from sfbench.world import plan as planning
from sfbench.world.plan import plan
from sfbench.world.runs import runs
from tests.contracts.test_same_data import BY_BLOCK

S1 = "s01_uniform_lift"


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(planning, "BLOCK_FIRMS", 477)


def asked():
    """All tables that the bench's questions read, but those of which a plan says that they hang on blocks."""
    named = {name for key in listing("questions", ()) for name in (*question(key).tables, *question(key).also)}
    return tuple(sorted(name for name in named if len(list(runs(wish(name)))) < wish(name).blocks))


def wish(*names):
    return plan(S1, scale=0.0028, seed=7, tables=names, hidden=True)


def test_a_world_and_its_twin_are_the_same_made_block_by_block(monkeypatch):
    names = asked()
    assert len(names) > 10
    together = made.worlds(wish(*names))
    monkeypatch.setattr(made, "runs", lambda plan: plan.every_block)
    apart = made.worlds(wish(*names))
    for name in names:  # rows in the same order, too
        assert together.real[name].equals(apart.real[name]), name
        assert together.twin[name].equals(apart.twin[name]), name
    assert together.real["loan"].num_rows > 300 and not together.real["loan"].equals(together.twin["loan"])


def test_a_run_holds_every_firm_once_and_in_order():
    whole = wish("loan")
    assert [firm for run in runs(whole) for firm in run.firms] == list(range(1, whole.firms + 1))
    assert 1 < len(list(runs(whole))) < whole.blocks


@pytest.mark.parametrize("name", sorted(BY_BLOCK))
def test_a_table_that_hangs_on_where_a_block_begins_is_made_block_by_block(name):
    assert list(runs(wish(name))) == list(wish(name).every_block)


def test_a_world_with_faults_is_made_block_by_block():
    faulty = replace(wish("loan"), scenario=scenario("dirty_feeds"))
    assert list(runs(faulty)) == list(faulty.every_block)


def test_super_nodes_of_the_patent_stock_are_the_same_wherever_a_block_begins():
    found = tables(())["firm_innovation"].functions["rows"].__globals__["_nodes"]
    count, fits = 40 * 6144, np.arange(1, 40 * 6144 + 1) % 1000 == 0
    state = {"firm": np.arange(1, count + 1), "kind": np.where(fits, 0, 3), "size": np.zeros(count, np.int64)}
    state |= {"position": np.ones(count), "founded_month": np.full(count, 2010 * 12)}

    def nodes(first, until):
        some = {name: column[first:until] for name, column in state.items()}
        row, place = found(some, np.full(until - first, 1 << 40))
        return list(zip(some["firm"][row].tolist(), place.tolist(), strict=True))

    apart = [node for start in range(0, count, 6144) for node in nodes(start, start + 6144)]
    assert nodes(0, count) == apart and len(apart) > 3
    nodes_of_city = len(calibration_numbers("patent_node", "patents"))
    for firm, _ in apart:  # the first thousand of a stretch where another node is due
        stretch = (firm - 1) // 6144
        due = [(at * nodes_of_city + 58) // 117 for at in (stretch, stretch - 1)]
        assert due[0] > due[1] and firm == -(-(stretch * 6144 + 1) // 1000) * 1000
