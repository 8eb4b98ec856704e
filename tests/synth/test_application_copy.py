"""Requests for credit in a copy: each note has its own, the others came to nothing, and their steps follow in order."""

import pytest

import sfbench
from sfbench import synth
from sfbench.errors import SfbenchError
from tests.synth.wider import LEARNED, changed, figure, violated

TABLE = "credit_application"
TABLES = [*LEARNED, TABLE]
JUDGED = 30  # expectations of requests, at least


@pytest.fixture(scope="module")
def copy(requested, tmp_path_factory):
    out = tmp_path_factory.mktemp("synth") / "requested"
    requested.write_sample(out, seed=1)
    return out


def test_every_suite_holds_on_the_copy(copy):
    assert violated(copy, TABLE, JUDGED) == []


@pytest.mark.parametrize("seed", [2, 3])
def test_every_suite_holds_on_copies_of_other_seeds(requested, tmp_path, seed):
    requested.write_sample(tmp_path / "copy", seed=seed)
    assert violated(tmp_path / "copy", TABLE, JUDGED) == []


@pytest.mark.parametrize("method", ["independent", "bootstrap"])
def test_identities_hold_whatever_the_method_draws(wider, tmp_path, method):
    synth.fit(wider, method, TABLES).write_sample(tmp_path / "copy", seed=4)
    assert violated(tmp_path / "copy", TABLE, JUDGED) == []


def test_requests_are_learned_without_notes(wider, tmp_path):
    synth.fit(wider, "linked", ["enterprise", TABLE]).write_sample(tmp_path / "copy", seed=5)
    report = sfbench.validate(tmp_path / "copy", suites=["enterprise", TABLE])
    assert [f.id for f in report.findings if f.outcome == "violated"] == []
    drawn = "SELECT count(drawn_on) / count(*) FROM credit_application"
    assert figure(tmp_path / "copy", drawn) == pytest.approx(figure(wider, drawn), rel=0.05)


def test_a_copy_of_notes_alone_learns_nothing_of_requests(guaranteed):
    columns = [node["name"] for node in guaranteed.parts.json["tables"]["loan"]["nodes"]]
    assert "amount" in columns and not any(name.startswith("asked_") for name in columns)


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
def test_a_figure_of_the_requests_stays(wider, copy, sql, within):
    assert figure(copy, sql) == pytest.approx(figure(wider, sql), rel=within)


def test_firms_that_default_are_refused_for_distress_more_often(wider, copy):
    sql = """
        WITH bad AS (SELECT DISTINCT enterprise_id FROM loan JOIN loan_balance USING (loan_id) WHERE grade >= 'FQ03')
        SELECT avg((refusal_reason = 'distress')::INTEGER) FROM credit_application {} JOIN bad USING (enterprise_id)
        WHERE decision = 'refused'
    """
    for folder in (wider, copy):
        assert figure(folder, sql.format("SEMI")) > figure(folder, sql.format("ANTI"))


def test_each_note_has_a_request_of_its_own(copy):
    sql = "SELECT count(*) - count(DISTINCT application_id) FROM loan SEMI JOIN credit_application USING (application_id)"
    assert figure(copy, sql) == 0
    assert figure(copy, "SELECT count(drawn_on) FROM credit_application") == figure(copy, "SELECT count(*) FROM loan")


def test_requests_are_numbered_anew(wider, copy):
    ours, theirs = (sfbench.open(p).sql("SELECT application_id FROM credit_application") for p in (copy, wider))
    assert not set(ours.fetchall()) & set(theirs.fetchall())


def test_equal_seeds_give_equal_requests(requested):
    first, again = requested.sample(7, 400), requested.sample(7, 400)
    assert first[TABLE].equals(again[TABLE])


def test_requests_need_their_firms(wider):
    with pytest.raises(SfbenchError, match="credit_application needs its parent enterprise"):
        synth.fit(wider, tables=[TABLE])


def test_a_request_without_its_firm_is_refused(wider, tmp_path):
    sql = "SELECT * REPLACE (enterprise_id + (application_id % 2) * 1000000 AS enterprise_id) FROM credit_application"
    with pytest.raises(SfbenchError, match="a parent is missing"):
        synth.fit(changed(wider, tmp_path / "changed", TABLE, sql), tables=TABLES)


def test_requests_that_all_became_notes_are_refused_in_words(wider, tmp_path):
    folder = changed(wider, tmp_path / "changed", TABLE, "FROM credit_application SEMI JOIN loan USING (application_id)")
    with pytest.raises(SfbenchError, match="no rows to learn from"):
        synth.fit(folder, tables=TABLES)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM credit_application WHERE decision = 'refused' LIMIT 1",
        "SELECT * REPLACE (NULL::VARCHAR AS decision_model, NULL::DATE AS contacted_on) FROM credit_application",
        "SELECT * REPLACE (NULL::DATE AS due_diligence_on) FROM credit_application",
    ],
    ids=["one row", "no model, no contact", "never examined"],
)
def test_what_is_missing_in_the_original_breaks_no_identity(wider, tmp_path, sql):
    folder = changed(wider, tmp_path / "changed", TABLE, sql)
    synth.fit(folder, "linked", TABLES).write_sample(tmp_path / "copy", seed=6)
    assert violated(tmp_path / "copy", TABLE, JUDGED) == []
