"""Decoys are sound rows that look odd: the world holds them by right, labels name them, suites leave them alone."""

import json

import pytest

import sfbench
from sfbench.content import faults, scenario
from sfbench.quality.score import quality_score
from sfbench.store.undo import read_labels
from tests.reporting.planted import labels
from tests.reporting.planted import scenario as written
from tests.world.shared import SEED, TINY

SMALL = 0.02
DIRTY = ("dirty_feeds", "dirty_feeds_kept")
FIRST = "  - {{fault: false_first_loan, table: loan, rate: {rate}, mechanism: {mechanism}, decoys: 1}}\n"
ABOUT_FIRST_LOANS = {"loan.first_loan_is_first", "loan.first_loan_not_missed"}
# What the labels of a decoy say of its row, in SQL over the reported tables.
SOUND = {
    "copied_period": "SELECT count(*) FROM decoy JOIN loan_balance AS b ON b.loan_id = (key->>'loan_id')::BIGINT "
    "AND b.month = (key->>'month')::DATE JOIN loan_balance AS a ON a.loan_id = b.loan_id "
    "AND a.month = last_day(b.month - INTERVAL 1 MONTH) WHERE a.balance_rmb = b.balance_rmb",
    "duplicate_changed_id": "SELECT count(*) FROM decoy JOIN loan AS a ON a.loan_id = (key->>'loan_id')::BIGINT "
    "SEMI JOIN loan AS b ON b.loan_id <> a.loan_id AND b.enterprise_id = a.enterprise_id "
    "AND b.institution_id = a.institution_id AND b.granted_on = a.granted_on",
    "false_first_loan": "SELECT count(*) FROM decoy JOIN loan AS n ON n.loan_id = (key->>'loan_id')::BIGINT "
    "JOIN enterprise AS e USING (enterprise_id) JOIN enterprise_version AS v USING (enterprise_id) "
    "WHERE n.first_loan AND v.former_name_zh <> e.name_zh AND v.valid_from <= n.granted_on "
    "AND n.borrower_uscc = e.uscc",
    "placeholder": "SELECT count(*) FROM decoy JOIN loan_flow AS f ON f.loan_id = (key->>'loan_id')::BIGINT "
    "AND f.flow_no = (key->>'flow_no')::BIGINT WHERE f.amount = 0 AND f.kind IN ('restructuring', 'extension')",
    "sign": "SELECT count(*) FROM decoy JOIN loan_flow AS f ON f.loan_id = (key->>'loan_id')::BIGINT "
    "AND f.flow_no = (key->>'flow_no')::BIGINT WHERE f.amount_rmb < 0 AND f.kind = 'valuation'",
    "unit_x10000": "SELECT count(*) FROM decoy JOIN loan AS n ON n.loan_id = (key->>'loan_id')::BIGINT "
    "WHERE n.amount_rmb >= (SELECT quantile_cont(amount_rmb, 0.9) FROM loan)",
}


def test_every_fault_with_decoys_is_looked_at_here():
    assert set(SOUND) == {name for name, fault in faults().items() if fault.decoy is not None}


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    """A small world in which the decoys of the dirty feeds are listed and nothing is planted."""
    out = tmp_path_factory.mktemp("honest") / "out"
    wishes = [wish for wish in scenario("dirty_feeds").faults if wish.decoys]
    text = ""
    for wish in wishes:
        where = f", where: {{column: {wish.only[0]}, in: [{', '.join(wish.only[1])}]}}" if wish.only else ""
        columns = f", columns: [{', '.join(wish.columns)}]" if wish.columns else ""
        text += f"  - {{fault: {wish.fault}, table: {wish.table}{columns}, rate: 0, decoys: {wish.decoys}{where}}}\n"
    sfbench.generate(written(out.parent, text), scale=SMALL, seed=SEED, out=out)
    return labels(out)


@pytest.mark.parametrize("fault", SOUND)
def test_a_decoy_is_what_it_is_said_to_be(fault, honest):
    honest.execute(f"CREATE OR REPLACE TEMP TABLE decoy AS SELECT * FROM labels WHERE fault = '{fault}'")
    ask = 'SELECT count(*), bool_and(decoy), count("column"), count(true_value), count(planted_value) FROM decoy'
    found = honest.sql(ask).fetchall()[0]
    assert found[0] >= 5 and found[1:] == (True, 0, 0, 0)
    assert honest.sql(SOUND[fault]).fetchall()[0][0] == found[0]


@pytest.mark.parametrize("name", DIRTY)
def test_the_dirty_feeds_bear_every_fault_by_one_mechanism(name):
    wishes = scenario(name).faults
    assert {wish.fault for wish in wishes} == set(faults())
    assert {wish.mechanism for wish in wishes} == {1 + DIRTY.index(name)}


@pytest.mark.parametrize("name", DIRTY)
def test_every_wish_of_the_dirty_feeds_strikes_and_lists_its_decoys(name, tmp_path):
    sfbench.generate(name, scale=SMALL, seed=SEED, out=tmp_path / "out")
    struck = {(row["fault"], row["table"], row["decoy"]) for row in read_labels(tmp_path / "out").to_pylist()}
    missing = [
        (wish.fault, wish.table, decoy)
        for wish in scenario(name).faults
        for decoy in ([False, True] if wish.decoys else [False])
        if (wish.fault, wish.table, decoy) not in struck
    ]
    assert missing == []


@pytest.mark.parametrize("mechanism", [1, 2])
def test_a_first_loan_after_a_name_change_is_legal_and_one_that_is_none_is_called(mechanism, tmp_path):
    mine = written(tmp_path, FIRST.format(rate=0.05, mechanism=mechanism))
    score = quality_score(mine, scale=TINY, seeds=[SEED], out=tmp_path / "kept")
    listed = read_labels(tmp_path / "kept" / f"seed-{SEED}").to_pylist()
    assert sum(row["decoy"] for row in listed) >= 3
    (fault,) = score.faults
    assert fault.count.planted > 20 and fault.recall == 1
    claims = {claim.id: claim.count for claim in score.expectations}
    assert claims.keys() & ABOUT_FIRST_LOANS
    assert sum(claim.on_decoys for claim in claims.values()) == 0


def test_decoys_of_a_table_alone_are_those_of_the_whole_city(tmp_path):
    keys = []
    for tables in (["loan"], None):
        mine = written(tmp_path, FIRST.format(rate=0, mechanism=1))
        sfbench.generate(mine, scale=TINY, seed=SEED, tables=tables, out=tmp_path / f"{tables}")
        found = read_labels(tmp_path / f"{tables}").to_pylist()
        keys.append(sorted(json.loads(row["key"])["loan_id"] for row in found))
    assert keys[0] == keys[1] != []
