"""Collateral in a copy: what secures notes, how much is lent on it and what it is valued at stays what it was."""

import pytest

import sfbench
from tests.synth.shared import figure


@pytest.mark.parametrize(
    ("sql", "within"),
    [
        ("SELECT count(*) FROM collateral", 0.05),
        ("SELECT avg((kind = 'property')::INTEGER) FROM collateral", 0.05),
        ("SELECT avg((kind = 'receivable')::INTEGER) FROM collateral", 0.1),
        ("SELECT avg((kind = 'equity')::INTEGER) FROM collateral", 0.15),
        ("SELECT avg((kind = 'ip')::INTEGER) FROM collateral", 0.2),
        ("SELECT avg(loan_to_value) FROM collateral WHERE kind = 'property'", 0.02),
        ("SELECT avg(loan_to_value) FROM collateral WHERE kind = 'equipment'", 0.02),
        ("SELECT avg((valuation_method = 'income')::INTEGER) FROM collateral", 0.1),
        ("SELECT count(revalued_on) / count(*) FROM collateral", 0.15),
        ("SELECT avg(revalued_value / value) FROM collateral", 0.02),
        (
            "SELECT avg(secured_amount / amount_rmb) FROM collateral JOIN loan USING (loan_id) WHERE guarantee = 'E'",
            0.02,
        ),
    ],
)
def test_a_figure_of_the_collateral_stays(wider, copy_every, sql, within):
    assert figure(copy_every, sql) == pytest.approx(figure(wider, sql), rel=within)


def test_each_thing_is_numbered_anew_and_marked(wider, copy_every):
    ours, theirs = (sfbench.open(path).sql("FROM collateral").to_arrow_table() for path in (copy_every, wider))
    for name in ("collateral_id", "certificate_no"):
        assert not set(ours[name].to_pylist()) & set(theirs[name].to_pylist())
    assert all(code.startswith("SYNQZ8") for code in ours["certificate_no"].to_pylist())
