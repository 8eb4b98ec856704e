"""Guarantee contracts in a copy: the suites hold by construction, and who is claimed on stays what it was."""

import pytest

import sfbench
from sfbench import synth
from sfbench.errors import SfbenchError
from tests.synth.wider import LEARNED, changed, figure, violated

TABLES = [*LEARNED, "guarantee"]
JUDGED = 30  # expectations of contracts, at least


@pytest.fixture(scope="module")
def copy(guaranteed, tmp_path_factory):
    out = tmp_path_factory.mktemp("synth") / "guaranteed"
    guaranteed.write_sample(out, seed=1)
    return out


@pytest.mark.parametrize("seed", [2, 3])
def test_every_suite_holds_on_copies_of_other_seeds(guaranteed, tmp_path, seed):
    guaranteed.write_sample(tmp_path / "copy", seed=seed)
    assert violated(tmp_path / "copy", "guarantee", JUDGED) == []


def test_every_suite_holds_on_the_copy(copy):
    assert violated(copy, "guarantee", JUDGED) == []


@pytest.mark.parametrize("method", ["independent", "bootstrap"])
def test_identities_hold_whatever_the_method_draws(wider, tmp_path, method):
    synth.fit(wider, method, TABLES).write_sample(tmp_path / "copy", seed=4)
    assert violated(tmp_path / "copy", "guarantee", JUDGED) == []


def test_contracts_are_learned_without_balances(wider, tmp_path):
    """A claim is counted from the grant then."""
    synth.fit(wider, "linked", ["enterprise", "loan", "guarantee"]).write_sample(tmp_path / "copy", seed=5)
    assert violated(tmp_path / "copy", "guarantee", JUDGED) == []
    claims = "SELECT count(claimed_on) FROM guarantee"
    assert figure(tmp_path / "copy", claims) == pytest.approx(figure(wider, claims), rel=0.5)


@pytest.mark.parametrize(
    ("sql", "within"),
    [
        ("SELECT count(*) FROM guarantee", 0.1),
        ("SELECT avg((kind = 'batch')::INTEGER) FROM guarantee", 0.1),
        ("SELECT avg((kind = 'commercial')::INTEGER) FROM guarantee", 0.1),
        ("SELECT avg(fee_rate) FROM guarantee WHERE kind = 'commercial'", 0.03),
        ("SELECT avg(fee_rate) FROM guarantee WHERE kind = 'batch'", 0.03),
        ("SELECT avg(counter_guarantee::INTEGER) FROM guarantee WHERE kind = 'commercial'", 0.06),
        ("SELECT sum(guaranteed_amount) / sum(principal) FROM guarantee", 0.05),
        ("SELECT count(released_on) / count(*) FROM guarantee", 0.1),
    ],
)
def test_a_figure_of_the_contracts_stays(wider, copy, sql, within):
    assert figure(copy, sql) == pytest.approx(figure(wider, sql), rel=within)


def test_most_notes_that_fall_are_claimed_on(wider, copy):
    sql = """
        WITH bad AS (SELECT loan_id FROM loan_balance GROUP BY loan_id HAVING max(overdue_days) > 90)
        SELECT count(claimed_on) / count(*) FROM guarantee SEMI JOIN bad USING (loan_id)
    """
    assert figure(copy, sql) == pytest.approx(figure(wider, sql), abs=0.15)


def test_contracts_are_numbered_anew_and_marked(wider, copy):
    ours, theirs = (sfbench.open(path).sql("FROM guarantee").to_arrow_table() for path in (copy, wider))
    assert not set(ours["guarantee_id"].to_pylist()) & set(theirs["guarantee_id"].to_pylist())
    assert all(code.startswith("SYNDB") for code in ours["contract_code"].to_pylist())


def test_equal_seeds_give_equal_contracts(guaranteed):
    first, again = guaranteed.sample(7, 400), guaranteed.sample(7, 400)
    assert first["guarantee"].equals(again["guarantee"])


def test_contracts_need_their_notes(wider):
    with pytest.raises(SfbenchError, match="guarantee needs its parent loan"):
        synth.fit(wider, tables=["enterprise", "guarantee"])


def test_a_contract_without_its_note_is_refused(wider, tmp_path):
    folder = changed(
        wider, tmp_path, "SELECT * REPLACE (loan_id + (guarantee_id % 2) * 1000000 AS loan_id) FROM guarantee"
    )
    with pytest.raises(SfbenchError, match="a parent is missing"):
        synth.fit(folder, tables=TABLES)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM guarantee LIMIT 1",
        "SELECT * REPLACE (NULL::DECIMAL(10, 5) AS fee_rate) FROM guarantee",
        "SELECT * REPLACE (NULL::DATE AS claimed_on, NULL::DATE AS released_on) FROM guarantee",
    ],
    ids=["one row", "no fee rate", "no claim, no release"],
)
def test_what_is_missing_in_the_original_breaks_no_identity(wider, tmp_path, sql):
    folder = changed(wider, tmp_path / "changed", "guarantee", sql)
    synth.fit(folder, "linked", TABLES).write_sample(tmp_path / "copy", seed=6)
    assert violated(tmp_path / "copy", "guarantee", JUDGED) == []
