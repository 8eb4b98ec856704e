"""The account of a value names the rule as written, the draws as made and the parameters in force."""

import datetime
import shutil

import numpy as np
import pytest

import sfbench
from sfbench.draws import Draw
from sfbench.errors import SfbenchError
from sfbench.explain import explain

SEED = 7


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    sfbench.generate("baseline", scale="tiny", seed=SEED, out=folder)
    return folder


@pytest.fixture(scope="module")
def note(city):
    """A loan note in the middle of the table, as a row of Python values."""
    with sfbench.open(city, tables=["loan"]) as connection:
        return connection.sql("SELECT * FROM loan ORDER BY loan_id LIMIT 1 OFFSET 500").pl().row(0, named=True)


def step(account, column):
    return next(step for step in account.steps if step.column == column)


def test_the_value_of_the_dataset_is_the_value_that_the_rule_makes(city, note):
    account = explain(city, "loan.grant_rate", str(note["loan_id"]))
    assert account.value == note["grant_rate"] and account.firm == note["enterprise_id"]
    assert int(account.steps[0].value) == round(float(note["grant_rate"]) * 100_000)


def test_the_draws_are_those_that_the_row_was_made_with(city, note):
    account = explain(city, "loan.grant_rate", str(note["loan_id"]))
    (drawn,) = [d for d in step(account, "note.rate").draws if d.purpose == "spread"]
    again = Draw(SEED, "note").uniform("spread", np.array([note["loan_id"]]))
    assert drawn.entity == note["loan_id"] and drawn.value == again[0]


def test_a_parameter_stands_with_the_value_in_force_and_its_source(tmp_path):
    scenario = tmp_path / "tight.yaml"
    words = "title_zh: 紧\ntitle_en: Tight\ncaption: Fewer yeses.\n"
    scenario.write_text(f"extends: baseline\n{words}params:\n  credit.tag_lift: 0.02\n", encoding="utf-8")
    sfbench.generate(str(scenario), scale="tiny", seed=SEED, out=tmp_path / "out")
    with sfbench.open(tmp_path / "out") as connection:
        ((key,),) = connection.sql("SELECT min(application_id) FROM credit_application").fetchall()
    account = explain(tmp_path / "out", "credit_application.decision", str(key))
    used = {p.name: (value, p.source) for s in account.steps for p, value in s.parameters}
    assert used["credit.tag_lift"] == (0.02, "prior")
    assert used["credit.withdrawn"][0] == 0.03


def test_files_stand_with_their_source(city, note):
    account = explain(city, "loan.grant_rate", str(note["loan_id"]))
    files = step(account, "note.rate").files
    assert "corp_new_loan_rate" in files["datasets/calibration/rate_spread"]


def test_inputs_of_another_table_are_followed_as_far_as_asked(city, note):
    near = explain(city, "loan.grant_rate", str(note["loan_id"]), depth=0)
    far = explain(city, "loan.grant_rate", str(note["loan_id"]), depth=2)
    assert len(near.steps) == 1 < len(far.steps)
    assert step(near, "loan.grant_rate").inputs["note.rate"] == near.steps[0].value


def test_a_table_without_firms_is_explained_too(city):
    account = explain(city, "institution.founded_on", "1", depth=0)
    assert account.firm is None and "datasets/vocabulary/institution" in account.steps[0].files


@pytest.mark.parametrize(
    ("cell", "key", "parameter", "file"),
    [
        ("bank_month.all_loans", "2022-01-31,1,PBOC,2024", None, "datasets/vocabulary/institution"),
        ("relending_draw.repaid_on", "", "relending.extension_floor", None),
        ("relending_draw.rate", "", None, "datasets/calibration/relending_rate"),
    ],
)
def test_a_row_made_from_all_firms_has_a_rule_and_no_draws(city, cell, key, parameter, file):
    with sfbench.open(city) as connection:
        table, column = cell.split(".")
        ((first,),) = connection.sql("SELECT min(draw_id) FROM relending_draw").fetchall()
        where = (
            "month = DATE '2022-01-31' AND institution_id = 1 AND reporting_scope = 'PBOC'"
            if key
            else f"draw_id = {first}"
        )
        ((value,),) = connection.sql(f"SELECT {column} FROM {table} WHERE {where}").fetchall()
    account = explain(city, cell, key or str(first))
    assert account.together and account.firm is None and account.value == value
    assert account.steps[0].column == cell and not any(step.draws for step in account.steps)
    assert parameter is None or parameter in {p.name for p, _ in account.steps[0].parameters}
    assert file is None or file in account.steps[0].files


def test_a_row_of_a_firm_made_beside_all_others_shows_its_inputs(city):
    with sfbench.open(city) as connection:
        ((policy,),) = connection.sql("SELECT min(policy_id) FROM insurance_subsidy").fetchall()
    account = explain(city, "insurance_subsidy.amount", str(policy))
    assert (
        account.together and account.firm and "insurance.ip_share" in {p.name for p, _ in account.steps[0].parameters}
    )


def test_a_value_that_the_rule_does_not_make_has_no_account(tmp_path):
    """A fault changed it in the report (a change of the model would, too): another value would be explained."""
    scenario = tmp_path / "slip.yaml"
    words = "title_zh: 误\ntitle_en: Slip\ncaption: Amounts in another unit.\nextends: baseline\n"
    fault = "faults:\n  - {fault: unit_x10000, table: credit_application, columns: amount_requested, rate: 1}\n"
    scenario.write_text(words + fault, encoding="utf-8")
    sfbench.generate(str(scenario), scale="tiny", seed=SEED, out=tmp_path / "out")
    with sfbench.open(tmp_path / "out") as connection:
        ((key,),) = connection.sql("SELECT min(application_id) FROM credit_application").fetchall()
    with pytest.raises(SfbenchError, match=r"amount_requested: the dataset holds \d+ .* the rule makes \d+"):
        explain(tmp_path / "out", "credit_application.amount_requested", str(key))


def test_where_no_row_is_the_whole_key_of_one_is_told(city):
    wish = "loan_id=1,month=2025-12-31"
    with pytest.raises(SfbenchError, match="no row") as told:
        explain(city, "loan_balance.balance", wish)
    month, loan = told.value.fix.removeprefix("try --key ").split(",")
    assert explain(city, "loan_balance.balance", f"{month},{loan}").key == {
        "month": datetime.date.fromisoformat(month),
        "loan_id": int(loan),
    }


def test_own_tables_have_no_account(city, tmp_path):
    shutil.copytree(city / "data", tmp_path / "own")
    with sfbench.open(tmp_path / "own", tables=["loan"]) as connection:
        ((loan,),) = connection.sql("SELECT min(loan_id) FROM loan").fetchall()
    for key in (str(loan), "1"):
        with pytest.raises(SfbenchError, match="own tables have no account"):
            explain(tmp_path / "own", "loan.grant_rate", key)


@pytest.mark.parametrize(
    ("cell", "key", "words"),
    [
        ("lone.rate", "1", "unknown table"),
        ("loan.rat", "1", "no column"),
        ("loan.grant_rate", "1", "no row"),
        ("loan.grant_rate", "uscc=1", "no key"),
    ],
)
def test_a_wish_that_cannot_be_met_says_why(city, cell, key, words):
    with pytest.raises(SfbenchError, match=words):
        explain(city, cell, key)
