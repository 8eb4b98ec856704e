"""The step of `fund_irr`: rates of flows whose answer is known without a solver."""

from __future__ import annotations

import math
from datetime import date

import pyarrow as pa
import pytest

from sfbench.metrics.steps.internal_rate_of_return import figures

END = date(2025, 12, 31)
Flow = tuple[int, float]  # days since the first call, CNY


def median(*funds: list[Flow]) -> tuple[float | None, str | None]:
    """Value and reason of the median over funds."""
    rows = [
        (END, number, 2020, days, amount, sum(max(a, 0.0) for _, a in flows))
        for number, flows in enumerate(funds, 1)
        for days, amount in flows
    ]
    names = ("period", "fund_id", "vintage", "days", "amount", "received")
    columns = zip(*(rows or [(END, 0, 0, 0, 0.0, 0.0)]), strict=True)
    found = figures(pa.table(dict(zip(names, map(list, columns), strict=True)))).to_pylist()
    row = next(row for row in found if row["component"] == "median" and row["cut"] == "total")
    return row["value"], row["reason"]


@pytest.mark.parametrize("rate", [-0.985, -0.5, -0.01, 0.0, 0.08, 1.0, 9.9])
def test_two_flows_give_the_growth_between_them(rate: float) -> None:
    value, _ = median([(0, -100.0), (1000, 100.0 * (1 + rate) ** (1000 / 365))])
    assert value is not None and math.isclose(value, 100 * rate, rel_tol=1e-9, abs_tol=1e-9)


def test_a_par_bond_returns_its_coupon() -> None:
    value, _ = median([(0, -100.0), *((365 * year, 7.0) for year in range(1, 10)), (3650, 107.0)])
    assert value is not None and math.isclose(value, 7.0, rel_tol=1e-9)


def test_a_fund_beyond_the_bounds_is_left_out_and_one_that_lost_all_is_not() -> None:
    beyond, lost, plain = [(0, -1.0), (365, 20.0)], [(0, -100.0)], [(0, -100.0), (365, 110.0)]
    assert median(beyond) == (None, "zero base")
    assert median(lost) == (-100.0, None)
    assert median(beyond, lost, plain)[0] == pytest.approx(-45.0)


def test_a_year_without_a_fund_says_so() -> None:
    assert median() == (None, "zero base")


def test_quartiles_of_a_vintage_and_of_all_are_by_linear_interpolation() -> None:
    """Rates 10, 20, 40 and 80 % of 2019, and 30 % of 2020; a quartile stands at (n - 1) / 4 from the first."""
    rates = [(2019, 0.1), (2020, 0.3), (2019, 0.8), (2019, 0.2), (2019, 0.4)]
    rows = [
        {"period": END, "fund_id": number, "vintage": year, "days": days, "amount": amount, "received": 1.0}
        for number, (year, rate) in enumerate(rates, 1)
        for days, amount in ((0, -100.0), (365, 100.0 * (1 + rate)))
    ]
    found = figures(pa.Table.from_pylist(rows)).to_pylist()
    values = {(row["component"], row["cut_value"]): row["value"] for row in found}
    for name, total, older in (("p25", 20, 17.5), ("median", 30, 30), ("p75", 40, 50)):
        assert values[name, "total"] == pytest.approx(total)
        assert values[name, "2019"] == pytest.approx(older)
        assert values[name, "2020"] == pytest.approx(30)


@pytest.mark.parametrize(("growth", "known"), [(0.0099, False), (0.0101, True), (10.9, True), (11.1, False)])
def test_a_rate_is_looked_for_between_minus_99_and_1000_per_cent(growth: float, known: bool) -> None:
    assert (median([(0, -100.0), (365, 100 * growth)])[0] is not None) == known
