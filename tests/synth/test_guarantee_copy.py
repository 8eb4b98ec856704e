"""Guarantee contracts in a copy: who guarantees what for how much, and who is claimed on, stays what it was."""

import numpy as np
import pytest

import sfbench
from tests.synth.shared import figure


@pytest.mark.parametrize(
    ("sql", "within"),
    [
        ("SELECT count(*) FROM guarantee", 0.1),
        ("SELECT avg((kind = 'batch')::INTEGER) FROM guarantee", 0.15),
        ("SELECT avg((kind = 'commercial')::INTEGER) FROM guarantee", 0.15),
        ("SELECT avg(fee_rate) FROM guarantee WHERE kind = 'commercial'", 0.03),
        ("SELECT avg(fee_rate) FROM guarantee WHERE kind = 'batch'", 0.03),
        ("SELECT avg(counter_guarantee::INTEGER) FROM guarantee WHERE kind = 'commercial'", 0.1),
        ("SELECT sum(guaranteed_amount) / sum(principal) FROM guarantee", 0.05),
        ("SELECT count(released_on) / count(*) FROM guarantee", 0.1),
        ("SELECT count(compensated_on) / count(claimed_on) FROM guarantee", 0.1),
        ("SELECT count(recovered_on) / count(compensated_on) FROM guarantee", 0.25),  # of 35 payments
    ],
)
def test_a_figure_of_the_contracts_stays(wider, copy_every, sql, within):
    assert figure(copy_every, sql) == pytest.approx(figure(wider, sql), rel=within)


def test_what_was_drawn_is_written_whatever_note_can_have_it(linked_every, copy_every):
    """Most drawn claims are on notes that fall; the others are handed on, not dropped. So with places in a plan."""
    drawn = linked_every.draw(1)["guarantee"].columns
    special = sum(str(terms).startswith("special_plan") for terms in drawn["terms"].to_pylist())
    claimed = sum(map(bool, drawn["is_claimed"].to_pylist()))
    assert special > 30
    assert claimed > 20
    plan = "SELECT count(*) FROM guarantee WHERE kind = 'special_plan'"
    assert figure(copy_every, plan) == pytest.approx(special, rel=0.1)
    assert figure(copy_every, "SELECT count(claimed_on) FROM guarantee") == pytest.approx(claimed, rel=0.05)


def test_claims_are_drawn_as_often_as_in_the_original(wider, linked_every):
    sql = "SELECT avg((claimed_on IS NOT NULL)::INTEGER) FROM guarantee"
    claimed = [v for seed in (1, 2, 3) for v in linked_every.draw(seed)["guarantee"].columns["is_claimed"].to_pylist()]
    assert sum(map(bool, claimed)) / len(claimed) == pytest.approx(figure(wider, sql), rel=0.2)  # of 36 claims


def test_contracts_of_notes_that_fail_are_claimed_on_as_often_as_in_the_original(wider, linked_every):
    sql = """
        WITH bad AS (SELECT DISTINCT loan_id FROM loan_balance WHERE grade >= 'FQ03')
        SELECT count(claimed_on) / count(*) FROM guarantee SEMI JOIN bad USING (loan_id)
    """
    drawn = [linked_every.draw(seed) for seed in (1, 2)]
    fails = [np.asarray(tables["loan"].columns["fails"])[tables["guarantee"].parent_row] for tables in drawn]
    claimed = [np.asarray(tables["guarantee"].columns["is_claimed"].fill_null(False)) for tables in drawn]
    share = np.mean(np.concatenate(claimed)[np.concatenate(fails)])
    assert share == pytest.approx(figure(wider, sql), rel=0.1)


def test_only_notes_that_fell_overdue_are_claimed_on(copy_every):
    sql = """
        WITH late AS (SELECT DISTINCT loan_id FROM loan_balance WHERE overdue_days > 0)
        SELECT count(claimed_on) FROM guarantee ANTI JOIN late USING (loan_id)
    """
    assert figure(copy_every, sql) == 0


def test_contracts_are_numbered_anew_and_marked(wider, copy_every):
    ours, theirs = (sfbench.open(path).sql("FROM guarantee").to_arrow_table() for path in (copy_every, wider))
    assert not set(ours["guarantee_id"].to_pylist()) & set(theirs["guarantee_id"].to_pylist())
    assert all(code.startswith("SYNDB") for code in ours["contract_code"].to_pylist())
