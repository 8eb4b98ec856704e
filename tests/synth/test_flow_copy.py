"""Flows in a copy: a balance is the last one plus its flows, and notes are repaid, lost and extended as they were."""

import pytest

import sfbench
from tests.synth.shared import figure


@pytest.mark.parametrize("amount", [("balance", "amount"), ("balance_rmb", "amount_rmb")], ids=["own currency", "yuan"])
def test_flows_up_to_a_month_add_up_to_its_balance(copy_every, amount):
    """Summed up to each month end, and after the last one to nothing: not by steps, as the suite does."""
    con = sfbench.open(copy_every)
    flows = con.sql(f"SELECT loan_id, event_on, {amount[1]} FROM loan_flow").to_arrow_table().to_pylist()
    rows = con.sql(f"SELECT loan_id, month, {amount[0]} FROM loan_balance ORDER BY month").to_arrow_table().to_pylist()
    last = max(row["month"] for row in rows)
    of_note = {}
    for flow in flows:
        of_note.setdefault(flow["loan_id"], []).append((flow["event_on"], flow[amount[1]]))
    held = {}
    for row in rows:
        held.setdefault(row["loan_id"], []).append((row["month"], row[amount[0]]))
    assert held.keys() <= of_note.keys()
    for note, moves in of_note.items():
        for month, balance in held.get(note, [])[::6]:
            assert sum(value for day, value in moves if day <= month) == balance, (note, month)
        if note not in held or held[note][-1][0] < last:
            assert sum(value for _, value in moves) == 0, note


@pytest.mark.parametrize(
    ("sql", "within"),
    [
        ("SELECT count(*) FROM loan_flow WHERE kind = 'repayment'", 0.15),
        ("SELECT count(*) FROM loan_flow WHERE kind IN ('extension', 'restructuring')", 0.15),
        (
            "SELECT avg((kind = 'restructuring')::INTEGER) FROM loan_flow WHERE kind IN ('extension', 'restructuring')",
            0.15,
        ),
        ("SELECT avg((kind = 'write_off')::INTEGER) FROM loan_flow WHERE kind IN ('transfer', 'write_off')", 0.15),
        ("SELECT count(*) FROM loan_flow JOIN loan USING (loan_id) WHERE event_on = due_on", 0.15),
    ],
)
def test_a_figure_of_the_flows_stays(wider, copy_every, sql, within):
    assert figure(copy_every, sql) == pytest.approx(figure(wider, sql), rel=within)


def test_only_bad_notes_are_written_off_or_transferred(copy_every):
    sql = """
        WITH bad AS (SELECT DISTINCT loan_id FROM loan_balance WHERE grade >= 'FQ03')
        SELECT count(*) FROM loan_flow ANTI JOIN bad USING (loan_id) WHERE kind IN ('write_off', 'transfer', 'recovery')
    """
    assert figure(copy_every, sql) == 0
