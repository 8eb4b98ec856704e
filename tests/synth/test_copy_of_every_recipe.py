"""Copies of every table that has a recipe: suites hold by construction, whatever a method draws."""

from dataclasses import replace

import pyarrow as pa
import pytest

from sfbench import synth
from sfbench.errors import SfbenchError
from sfbench.synth import source
from tests.synth.shared import EVERY, FIRMS, LEARNED, NAMED, changed, figure, violated, written


def test_every_suite_holds_on_the_copy(copy_every):
    assert violated(copy_every, EVERY) == []


def test_identities_hold_though_each_column_is_drawn_alone(wider, tmp_path):
    synth.fit(wider, "independent", EVERY).write_sample(tmp_path / "copy", seed=4, rows=FIRMS)
    assert violated(tmp_path / "copy", EVERY) == []


def test_equal_seeds_give_equal_tables(linked_every):
    first, again = linked_every.sample(7, 50), linked_every.sample(7, 50)
    assert all(first[name].equals(again[name]) for name in EVERY)


def without(table, names):
    """A drawn table in which nothing was kept of some columns."""
    columns = table.columns
    for name in names:
        field = columns.schema.field(name)
        columns = columns.set_column(columns.column_names.index(name), field, pa.nulls(len(columns), field.type))
    return replace(table, columns=columns)


def test_tables_of_which_nothing_was_kept_break_no_identity(linked_every, tmp_path):
    """As where fewer firms than k have a row."""
    drawn = linked_every.draw(6, FIRMS)
    for name in NAMED:
        drawn[name] = without(drawn[name], drawn[name].columns.column_names)
    assert violated(written(linked_every, drawn, tmp_path / "copy"), EVERY) == []


def test_what_was_not_kept_of_optional_columns_stays_null_and_breaks_no_identity(linked_every, tmp_path):
    """DuckDB's greatest() and least() pass over nulls, so a clamp could fill a date that nobody had."""
    drawn = linked_every.draw(6, FIRMS)
    dates = ["contacted_before", "pushed_before", "examined_after"]
    drawn["loan"] = without(drawn["loan"], [f"asked_{name}" for name in [*dates, "decision_model"]])
    drawn["credit_application"] = without(drawn["credit_application"], [*dates, "decision_model", "refusal_reason"])
    drawn["guarantee"] = without(drawn["guarantee"], ["fee_rate", "is_claimed", "over_after", "principal_share"])
    copy = written(linked_every, drawn, tmp_path / "copy")
    assert violated(copy, EVERY) == []
    assert (
        figure(copy, "SELECT count(contacted_on) + count(pushed_on) + count(due_diligence_on) FROM credit_application")
        == 0
    )
    assert figure(copy, "SELECT count(claimed_on) + count(compensated_on) + count(recovered_on) FROM guarantee") == 0


@pytest.mark.parametrize(
    "absent",
    [
        ["loan_balance", "loan_flow", "credit_application"],
        ["loan", "loan_balance", "loan_flow", "guarantee", "collateral"],
    ],
)
def test_a_copy_of_fewer_tables_holds_too(linked_every, tmp_path, absent):
    """Contracts and collateral without balances, requests without notes."""
    drawn = {name: table for name, table in linked_every.draw(5, FIRMS).items() if name not in absent}
    assert violated(written(linked_every, drawn, tmp_path / "copy"), list(drawn)) == []


def test_what_is_learned_follows_from_the_tables_that_are_learned(wider):
    notes_alone = source.read(wider, LEARNED).learned["loan"].columns.column_names
    assert "amount" in notes_alone and not any(name.startswith("asked_") for name in notes_alone)
    without = source.read(wider, ["enterprise", "loan", "guarantee"]).learned["guarantee"].columns
    assert without["claimed_after"].null_count < len(without)  # counted from the grant, without balances
    requests, notes = (figure(wider, f"SELECT count(*) FROM {name}") for name in ("credit_application", "loan"))
    assert source.read(wider, ["enterprise", "credit_application"]).learned["credit_application"].rows == requests
    assert source.read(wider, EVERY).learned["credit_application"].rows == requests - notes


def test_firms_notes_and_balances_are_learned_unless_others_are_named(wider):
    assert [*source.read(wider).learned] == LEARNED


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (["enterprise", "guarantee"], "guarantee needs its parent loan"),
        (["credit_application"], "credit_application needs its parent enterprise"),
        (["enterprise", "loan", "loan_flow"], "loan_flow needs its parent loan_balance"),
    ],
)
def test_a_table_needs_its_parent(wider, tables, message):
    with pytest.raises(SfbenchError, match=message):
        source.read(wider, tables)


@pytest.mark.parametrize(
    ("table", "sql", "message"),
    [
        (
            "guarantee",
            "SELECT * REPLACE (loan_id + (guarantee_id % 2) * 1000000 AS loan_id) FROM guarantee",
            "a parent is",
        ),
        (
            "credit_application",
            "SELECT * REPLACE (enterprise_id + application_id % 2 * 1000000 AS enterprise_id) FROM credit_application",
            "a parent is missing",
        ),
        (
            "credit_application",
            "FROM credit_application SEMI JOIN loan USING (application_id)",
            "no rows to learn from",
        ),
        ("guarantee", "SELECT guarantee_id, loan_id, 'car' AS pledge FROM guarantee", "the column is missing"),
        ("loan_flow", "FROM loan_flow WHERE loan_id < 0", "no rows to learn from"),
    ],
    ids=["contract without note", "request without firm", "all requests are notes", "other columns", "no flows"],
)
def test_awkward_tables_are_refused_in_words(wider, tmp_path, table, sql, message):
    with pytest.raises(SfbenchError, match=message):
        source.read(changed(wider, tmp_path / "changed", table, sql), EVERY)
