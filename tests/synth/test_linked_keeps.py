"""What the linked method must keep: totals, concentration, children, conditional signals (issue 7)."""

import pytest

import sfbench

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


def bad_share(path, sizes):
    return figure(
        path,
        "WITH b AS (SELECT loan_id, max((grade >= 'FQ03')::INTEGER) AS bad FROM loan_balance GROUP BY 1) "
        f"SELECT avg(bad) FROM loan JOIN b USING (loan_id) WHERE borrower_size IN ({sizes})",
    )


def test_the_risk_signal_keeps_its_sign_and_about_its_size(confidential, copy):
    small, medium = "'CS04'", "'CS02', 'CS03'"
    theirs, ours = (bad_share(path, small) / bad_share(path, medium) for path in (confidential, copy))
    assert (ours > 1) == (theirs > 1)
    assert ours == pytest.approx(theirs, rel=0.2)  # a world of 7,000 firms: some 300 bad notes of small ones


def test_bad_notes_come_by_firm_not_one_by_one(confidential, copy):
    sql = (
        "WITH b AS (SELECT enterprise_id, max((grade >= 'FQ03')::INTEGER) AS bad "
        "FROM loan_balance JOIN loan USING (loan_id) GROUP BY 1) SELECT avg(bad) FROM b"
    )
    assert figure(copy, sql) == pytest.approx(figure(confidential, sql), rel=BOUND)
