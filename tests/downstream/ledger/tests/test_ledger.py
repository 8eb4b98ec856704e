import pytest
from ledger import BAD, Ledger

MONTH = "2025-12-31"


@pytest.fixture
def filled(sfbench):
    ledger, con = Ledger(), sfbench.duckdb()
    ledger.add_notes(con.sql("SELECT loan_id, institution_id FROM loan").fetchall())
    rows = con.sql("SELECT month::VARCHAR, loan_id, balance_rmb, grade FROM loan_balance").fetchall()
    ledger.add_balances(rows)
    return ledger


@pytest.mark.sfbench("baseline", scale="tiny", seed=7, tables=["loan", "loan_balance"])
def test_outstanding_agrees_with_the_city_to_the_cent(filled, sfbench):
    query = f"""
        SELECT institution_id, sum(balance_rmb) FROM loan_balance JOIN loan USING (loan_id)
        WHERE month = DATE '{MONTH}' GROUP BY ALL"""
    assert filled.outstanding(MONTH) == dict(sfbench.duckdb().sql(query).fetchall())


@pytest.mark.sfbench("baseline", scale="tiny", seed=7, tables=["loan", "loan_balance"])
def test_bad_notes_are_found(filled, sfbench):
    frame = sfbench.pandas("loan_balance")
    frame = frame[(frame["month"] == MONTH) & frame["grade"].isin(BAD)]
    assert len(frame) and filled.bad(MONTH) == set(frame["loan_id"])


@pytest.mark.sfbench(tables=["institution"])
def test_polars_and_arrow_see_the_same(sfbench):
    assert sfbench.polars("institution")["uscc"].to_list() == sfbench["institution"]["uscc"].to_pylist()


def test_a_fixture_of_the_session(bank_data):
    assert bank_data.seed == 11 and set(bank_data) == {"loan", "loan_balance"}
