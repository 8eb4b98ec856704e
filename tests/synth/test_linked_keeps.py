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
    assert figure(copy, sql) == pytest.approx(figure(confidential, sql), rel=BOUND)


def test_notes_by_year_follow_the_original(confidential, copy):
    sql = "SELECT year(granted_on), count(*)::DOUBLE FROM loan WHERE granted_on >= DATE '2021-01-01'"
    theirs, ours = (sfbench.open(path).sql(f"{sql} GROUP BY 1 ORDER BY 1").fetchall() for path in (confidential, copy))
    assert [year for year, _ in ours] == [year for year, _ in theirs]
    for (_, a), (_, b) in zip(ours, theirs, strict=True):
        assert a == pytest.approx(b, rel=0.15)
