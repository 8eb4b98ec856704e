"""What the linked method must keep: totals, concentration, children, conditional signals (issue 7)."""

import math

import pytest

import sfbench
from sfbench.synth.risk import risk_signal

BOUND = 0.10


def figure(path, sql):
    return float(sfbench.open(path).sql(sql).fetchall()[0][0])


BY_FIRM = "WITH f AS (SELECT enterprise_id, sum(amount_rmb)::DOUBLE AS a, count(*) AS n FROM loan GROUP BY 1)"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sum(amount_rmb)::DOUBLE FROM loan",
        f"{BY_FIRM} SELECT (SELECT sum(a) FROM (FROM f ORDER BY a DESC LIMIT 10)) / sum(a) FROM f",
        "SELECT count(*) FROM loan",
        f"{BY_FIRM} SELECT count(*) FROM f",
        f"{BY_FIRM} SELECT quantile_cont(n, 0.99) FROM f",
        "SELECT avg(grant_rate) FROM loan WHERE borrower_size = 'CS04'",
        "SELECT avg(tenor_months) FROM loan WHERE borrower_size IN ('CS01', 'CS02')",
    ],
    ids=["total principal", "top ten", "notes", "borrowers", "largest borrowers", "small rate", "large tenor"],
)
def test_a_figure_stays_within_ten_per_cent(confidential, copy, sql):
    # Ten of 4,600 borrowers are one bin here; of 64,000 (docs/benchmarks.md) it is 5 % off.
    bound = 0.2 if "LIMIT 10" in sql else BOUND
    assert figure(copy, sql) == pytest.approx(figure(confidential, sql), rel=bound)


def test_notes_by_year_follow_the_original(confidential, copy):
    sql = "SELECT year(granted_on), count(*)::DOUBLE FROM loan WHERE granted_on >= DATE '2021-01-01'"
    theirs, ours = (sfbench.open(path).sql(f"{sql} GROUP BY 1 ORDER BY 1").fetchall() for path in (confidential, copy))
    assert [year for year, _ in ours] == [year for year, _ in theirs]
    for (_, a), (_, b) in zip(ours, theirs, strict=True):
        assert a == pytest.approx(b, rel=0.15)


def bad_shares(path, column):
    """class -> (share of notes that were ever non-performing, notes), in plain Python."""
    con = sfbench.open(path)
    bad = {loan for (loan,) in con.sql("SELECT DISTINCT loan_id FROM loan_balance WHERE grade >= 'FQ03'").fetchall()}
    held = {loan for (loan,) in con.sql("SELECT DISTINCT loan_id FROM loan_balance").fetchall()}
    notes = [row for row in con.sql(f"SELECT {column}, loan_id FROM loan").fetchall() if row[1] in held]
    classes = {name: [loan in bad for kind, loan in notes if kind == name] for name in {kind for kind, _ in notes}}
    return {name: (sum(rows) / len(rows), len(rows)) for name, rows in classes.items()}


@pytest.mark.parametrize(
    ("column", "riskier", "safer"),
    [
        ("borrower_size", "CS04", "CS02"),
        ("guarantee", "B01", "D"),
        ("rate_kind", "RF02", "RF01"),
        ("product_class", "F023", "F022"),
    ],
)
def test_what_tells_bad_notes_from_good_does_so_in_the_copy(confidential, copy, column, riskier, safer):
    theirs, ours = bad_shares(confidential, column), bad_shares(copy, column)
    assert theirs[riskier][0] > theirs[safer][0]
    assert ours[riskier][0] > ours[safer][0]


def test_the_risk_signal_is_the_slope_of_the_bad_shares(confidential, copy):
    top = bottom = 0.0
    for column in ("borrower_size", "guarantee", "rate_kind", "product_class"):
        theirs, ours = bad_shares(confidential, column), bad_shares(copy, column)
        held = [name for name, (share, notes) in theirs.items() if share * notes > 29.5 and name in ours]
        weights = [theirs[name][1] for name in held]
        x = [math.log(theirs[name][0]) for name in held]
        y = [math.log(max(ours[name][0], 0.5 / ours[name][1])) for name in held]
        middle = [sum(w * v for w, v in zip(weights, side, strict=True)) / sum(weights) for side in (x, y)]
        top += sum(w * (a - middle[0]) * (b - middle[1]) for w, a, b in zip(weights, x, y, strict=True))
        bottom += sum(w * (a - middle[0]) ** 2 for w, a in zip(weights, x, strict=True))
    assert risk_signal(confidential, copy) == pytest.approx(top / bottom)
    assert risk_signal(confidential, confidential) == pytest.approx(1.0)
    assert 0.7 <= top / bottom <= 1.3  # 7,000 firms


def test_bad_notes_come_by_firm_not_one_by_one(confidential, copy):
    sql = (
        "WITH b AS (SELECT enterprise_id, max((grade >= 'FQ03')::INTEGER) AS bad "
        "FROM loan_balance JOIN loan USING (loan_id) GROUP BY 1) SELECT avg(bad) FROM b"
    )
    assert figure(copy, sql) == pytest.approx(figure(confidential, sql), rel=BOUND)
