"""A copy is a dataset: references, bounds and identities hold, and nothing that names a firm is the original's."""

import duckdb
import pyarrow.compute as pc
import pytest

import sfbench
from sfbench import synth
from sfbench.store import manifest
from tests.synth.shared import LEARNED

IDENTIFIERS = ("enterprise_id", "uscc", "name_zh", "legal_representative", "phone", "email", "address")


def test_every_suite_that_can_be_judged_holds_on_the_copy(copy):
    report = sfbench.validate(copy, suites=["enterprise", "loan", "loan_balance"])
    judged = [f for f in report.findings if f.outcome != "not_evaluated"]
    assert len(judged) > 60
    assert [(f.id, f.unexpected) for f in judged if f.outcome == "violated"] == []


def test_they_hold_on_a_private_copy_as_well_where_noise_names_any_lender_and_cluster(confidential, tmp_path):
    synth.fit(confidential, "marginals_dp", LEARNED[:2], options={"seed": 1}).write_sample(tmp_path / "private", seed=1)
    report = sfbench.validate(tmp_path / "private", suites=LEARNED[:2])
    assert len([f for f in report.findings if f.outcome == "passed"]) > 60
    assert [(f.id, f.unexpected) for f in report.findings if f.outcome == "violated"] == []


def test_the_copy_is_marked_as_synthetic_and_names_its_model(copy):
    found = manifest.read(copy)
    assert found.scenario["name"] == "synthetic_copy"
    assert found.scenario["model"]["method"] == "linked"
    assert '"合成数据"' in (copy / "manifest.json").read_text(encoding="utf-8")
    assert sfbench.verify(copy) == []


@pytest.mark.parametrize("column", ["uscc", "name_zh", "phone", "enterprise_id"])
def test_no_identifier_of_the_original_stands_in_the_copy(confidential, copy, column):
    theirs, ours = (
        sfbench.open(path).sql(f"SELECT {column} AS c FROM enterprise").to_arrow_table()["c"]
        for path in (confidential, copy)
    )
    shared = pc.sum(pc.is_in(ours, value_set=theirs.combine_chunks())).as_py()
    # A name is an invented head with a word of the trade, a phone one of ten million: some meet by chance.
    assert shared <= (0.01 * len(ours) if column in ("name_zh", "phone") else 0)


def test_codes_of_firms_cannot_have_been_issued(copy):
    areas = sfbench.open(copy).sql("SELECT DISTINCT substr(uscc, 3, 5) AS a FROM enterprise").fetchall()
    assert areas == [("44039",)]


def test_a_bootstrap_copy_keeps_every_value_that_is_learned(confidential):
    """Of notes granted in the window: those from before it are made to run into it, and one in a thousand meets it."""
    from sfbench import synth

    made = synth.fit(confidential, "bootstrap", ["enterprise", "loan"]).sample(3)
    con = duckdb.connect()
    con.register("ours", made["loan"])
    con.register("theirs", sfbench.open(confidential).sql("FROM loan").to_arrow_table())
    same = "product_id, institution_id, borrower_size, use_industry, granted_on, amount, guarantee"
    ours = f"SELECT {same} FROM ours WHERE granted_on >= DATE '2022-01-01'"
    strange = con.sql(f"SELECT count(*) FROM ({ours} EXCEPT SELECT {same} FROM theirs)").fetchall()[0][0]
    assert strange <= 0.001 * made["loan"].num_rows


def test_equal_seeds_give_equal_copies_and_others_do_not(linked):
    first, again, other = linked.sample(5, 300), linked.sample(5, 300), linked.sample(6, 300)
    assert first["loan"].equals(again["loan"])
    assert not first["enterprise"].equals(other["enterprise"])


def test_rows_are_as_many_as_asked_for(linked):
    made = linked.sample(2, 500)
    assert made["enterprise"].num_rows == 500
    assert 0 < made["loan"].num_rows < 500 * 20
