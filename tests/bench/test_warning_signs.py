"""Signs of a day are of what was known then, of borrowers in good standing, without gaps."""

import duckdb
import numpy as np
import polars as pl
import pytest

from sfbench.bench.instance import instance
from sfbench.bench.warning_signs import turned_bad, warning_signs, year_before
from sfbench.content import scenario

DAY = "2025-12-31"


@pytest.fixture(scope="module")
def made():
    found = instance(scenario("early_warning"), "main", 2)
    con = duckdb.connect()
    for name, table in found.seen.items():
        con.register(name, table)
    return found, con


def standing(found, day):
    """Enterprise -> whether a note is bad at a month end, in polars."""
    loans = pl.from_arrow(found.seen["loan"]).select("loan_id", "enterprise_id")
    rows = pl.from_arrow(found.seen["loan_balance"]).filter(pl.col("month") == pl.lit(day).str.to_date())
    bad = pl.col("grade").cast(pl.String).is_in(["FQ03", "FQ04", "FQ05"]).any().alias("bad")
    return rows.join(loans, on="loan_id").group_by("enterprise_id").agg(bad)


def test_they_are_of_all_borrowers_in_good_standing(made):
    firms, signs = warning_signs(made[1], DAY)
    good = standing(made[0], DAY).filter(~pl.col("bad"))["enterprise_id"].sort().to_list()
    assert firms.tolist() == good == made[0].truth["enterprise_id"].to_pylist()
    assert np.isfinite(signs).all() and (signs.std(axis=0) > 0).all()


def test_who_turned_bad_is_whoever_had_a_bad_month_end_in_the_year_after(made):
    before = year_before(DAY)
    firms, _ = warning_signs(made[1], before)
    months = [f"2025-{month:02}-{day}" for month, day in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)]
    bad = set()
    for month in months:
        bad |= set(standing(made[0], month).filter(pl.col("bad"))["enterprise_id"].to_list())
    assert turned_bad(made[1], before, firms).tolist() == [firm in bad for firm in firms.tolist()]


@pytest.mark.parametrize(("day", "before"), [("2025-12-31", "2024-12-31"), ("2024-02-29", "2023-02-28")])
def test_a_year_before_a_month_end_is_a_month_end(day, before):
    assert year_before(day) == before
