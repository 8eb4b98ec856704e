"""Requests for credit in a copy: each note has its own, the others came to nothing, and their steps follow in order."""

import pytest

import sfbench
from tests.synth.shared import figure


@pytest.mark.parametrize(
    ("sql", "within"),
    [
        ("SELECT count(*) FROM credit_application", 0.1),
        ("SELECT avg((decision = 'refused')::INTEGER) FROM credit_application", 0.1),
        ("SELECT avg((channel = 'online')::INTEGER) FROM credit_application", 0.1),
        ("SELECT avg((channel = 'list_push')::INTEGER) FROM credit_application", 0.1),
        ("SELECT count(pushed_on) / count(*) FROM credit_application", 0.1),
        ("SELECT count(contacted_on) / count(*) FROM credit_application", 0.05),
        ("SELECT avg(decided_on - applied_on) FROM credit_application", 0.05),
        ("SELECT avg(decided_on - applied_on) FROM credit_application WHERE channel = 'online'", 0.1),
        ("SELECT avg(drawn_on - decided_on) FROM credit_application", 0.05),
        ("SELECT avg(amount_requested) FROM credit_application WHERE decision = 'refused'", 0.2),
    ],
)
def test_a_figure_of_the_requests_stays(wider, copy_every, sql, within):
    assert figure(copy_every, sql) == pytest.approx(figure(wider, sql), rel=within)


def test_firms_that_default_are_refused_for_distress_more_often(wider, copy_every):
    sql = """
        WITH bad AS (SELECT DISTINCT enterprise_id FROM loan JOIN loan_balance USING (loan_id) WHERE grade >= 'FQ03')
        SELECT avg((refusal_reason = 'distress')::INTEGER) FROM credit_application {} JOIN bad USING (enterprise_id)
        WHERE decision = 'refused'
    """
    for folder in (wider, copy_every):
        assert figure(folder, sql.format("SEMI")) > figure(folder, sql.format("ANTI"))


def test_each_note_has_a_request_of_its_own(copy_every):
    sql = "SELECT count(DISTINCT application_id) FROM loan SEMI JOIN credit_application USING (application_id)"
    notes = figure(copy_every, "SELECT count(*) FROM loan")
    assert figure(copy_every, sql) == notes
    assert figure(copy_every, "SELECT count(drawn_on) FROM credit_application") == notes


def test_requests_are_numbered_anew(wider, copy_every):
    ours, theirs = (sfbench.open(p).sql("SELECT application_id FROM credit_application") for p in (copy_every, wider))
    assert not set(ours.fetchall()) & set(theirs.fetchall())
