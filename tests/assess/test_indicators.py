"""Figures by bank from metrics: the right bank, period and indicator, and clear errors for what is not there."""

from __future__ import annotations

import datetime

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import sfbench
from sfbench.assess import Step
from sfbench.assess.calendar import ended, last_month, name, number_of
from sfbench.assess.data import depth, read_data, read_folder
from sfbench.assess.find import find_method
from sfbench.errors import SfbenchError

from .shared import indicator, method

SHARE = indicator(metric="tech_loan_balance", component="balance", over=("all_loan_balance", "all"))
BALANCE = indicator(metric="tech_loan_balance", component="balance")


def test_a_ratio_of_two_metrics_is_that_of_the_tables(tiny):
    """Tech notes at the quarter's end over all loans of the bank's report, by polars from the files."""

    def table(which):
        return pl.read_parquet(tiny / "data" / which / "*.parquet")

    end = datetime.date(2025, 9, 30)
    notes = table("loan_balance").filter(pl.col("month") == end).join(table("loan"), on="loan_id")
    tech = notes.filter(pl.col("tech_enterprise") | pl.col("tech_use")).group_by("institution_id")
    published = (pl.col("month") == end) & (pl.col("reporting_scope") == "PBOC") & pl.col("current")
    reports = table("bank_month").filter(published)
    joined = reports.join(tech.agg(pl.col("balance_rmb").sum()), on="institution_id", how="inner")
    expected = {str(row["institution_id"]): row for row in joined.iter_rows(named=True)}
    found = read_folder(method({"share": SHARE}), tiny, period="2025Q3").panel
    assert found.periods[-1] == "2025Q3"
    shares = dict(zip(found.units, found.values[:, -1, 0].tolist(), strict=True))
    assert len(expected) >= 25
    for unit, row in expected.items():
        assert shares[unit] == pytest.approx(100 * float(row["balance_rmb"]) / float(row["all_loans"]))


def test_a_bank_without_first_loans_has_made_none_but_one_that_did_not_report_is_not_known(tiny):
    """A sum over events is 0 where a bank has none; a median, and what the bank itself reports, stay gaps."""
    names = {"first_loan_firms": "firms", "approval_days": "median_days", "all_loan_balance": "all"}
    own = {name: indicator(metric=name, component=part) for name, part in names.items()} | {"tech": BALANCE}
    long = pl.from_arrow(sfbench.evaluate(tiny, metrics=[*names, "tech_loan_balance"]))
    unreported = (pl.col("metric") == "all_loan_balance") & (pl.col("cut_value") == "5")
    found = read_folder(method(own), tiny, figures=long.filter(~unreported).to_arrow()).panel
    rows = long.filter(pl.col("period") == datetime.date(2025, 12, 31), pl.col("cut") == "bank")
    seen = {name: set(rows.filter(pl.col("metric") == name)["cut_value"]) for name in names}
    assert 0 < len(seen["first_loan_firms"]) < 10
    for unit, (first, days, total, _) in zip(found.units, found.values[:, -1].tolist(), strict=True):
        assert unit in seen["first_loan_firms"] or first == 0
        assert np.isnan(days) == (unit not in seen["approval_days"])
        assert np.isnan(total) == (unit == "5")


def test_figures_are_the_values_of_a_whole_city(tiny):
    long = sfbench.evaluate(tiny, metrics=["tech_loan_balance"])
    rows = [r for r in long.to_pylist() if r["cut"] == "bank" and r["period"] == datetime.date(2025, 12, 31)]
    found = read_folder(method({"balance": BALANCE}), tiny).panel
    own = dict(zip(found.units, found.values[:, -1, 0].tolist(), strict=True))
    assert {row["cut_value"]: row["value"] / 0.002 for row in rows} == pytest.approx(
        {unit: value for unit, value in own.items() if np.isfinite(value)}
    )


def test_a_users_own_tables_are_a_whole_city(tiny, tmp_path):
    """The same tables without a manifest: their sums are what they are, not five hundred times as much."""
    for table in ("enterprise", "loan", "loan_balance", "institution", "month"):
        pl.read_parquet(tiny / "data" / table / "*.parquet").write_parquet(tmp_path / f"{table}.parquet")
    own, city = (read_folder(method({"balance": BALANCE}), path, period="2025Q4").panel for path in (tmp_path, tiny))
    assert own.units == city.units
    np.testing.assert_allclose(own.values[:, -1], city.values[:, -1] * 0.002)


def test_the_last_published_period_is_assessed_and_every_bank_is_in_the_panel(tiny):
    found = read_folder(method({"balance": BALANCE}), tiny)
    assert found.panel.periods == ("2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4")
    assert len(found.panel.units) == len(found.zh) == len(found.en) == 60
    assert set(found.panel.groups) == {"policy", "state_owned", "joint_stock", "local", "foreign", "private"}


def test_what_was_known_on_a_day_decides_the_last_period(tiny):
    found = read_folder(method({"balance": BALANCE}), tiny, as_of=datetime.date(2024, 5, 20))
    assert found.panel.periods[-1] == "2024Q1"


def test_the_panel_reaches_as_far_back_as_the_method_looks_and_a_year_more(tiny):
    growth = indicator(metric="tech_loan_balance", component="balance", period=Step("growth", {"lag": 4, "cap": 3.0}))
    points = {"periods": 3, "past": "before", "deviation": "sd", "points": ((-3.0, 0.0), (2.0, 100.0))}
    own = method({"growth": growth}, normalise=Step("vertical", points))
    assert depth(own) == 7
    assert len(read_folder(own, tiny).panel.periods) == 1 + 7 + 4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"metric": "tech_loan_balanse"}, "did you mean 'tech_loan_balance'"),
        ({"component": "balanc"}, "did you mean 'balance'"),
        ({"metric": "fund_irr", "component": "irr"}, "has no"),
        ({"cut": "district"}, "is cut by 'district'"),
        ({"metric": "assessment_score", "component": "score"}, "is by year, the method by quarter"),
    ],
)
def test_an_indicator_that_is_not_there_is_a_clear_error(tiny, changes, words):
    wrong = {"metric": "tech_loan_balance", "component": "balance"} | changes
    with pytest.raises(SfbenchError, match=words):
        read_folder(method({"x": indicator(**wrong)}), tiny)


def test_all_wrong_indicators_are_reported_at_once(tiny):
    wrong = {"a": indicator(metric="nil", component="x"), "b": indicator(metric="nought", component="x")}
    with pytest.raises(SfbenchError) as caught:
        read_folder(method(wrong), tiny)
    assert "'nil'" in str(caught.value) and "'nought'" in str(caught.value)


@pytest.mark.parametrize("period", ["2025", "2025-12", "2025Q5", "soon"])
def test_a_period_that_is_none_is_an_error(tiny, period):
    with pytest.raises(SfbenchError, match="is no quarter"):
        read_folder(method({"balance": BALANCE}), tiny, period=period)


def test_a_period_without_figures_is_an_error(tiny):
    with pytest.raises(SfbenchError, match="no bank has a figure in 2090Q1"):
        read_folder(method({"balance": BALANCE}), tiny, period="2090Q1")


def test_a_dataset_without_banks_says_so():
    import duckdb

    with pytest.raises(SfbenchError, match="which banks there are"):
        read_data(method({"balance": BALANCE}), duckdb.connect(), scale=1.0)


@pytest.mark.parametrize(("kind", "text"), [("month", "2025-02"), ("quarter", "2025Q1"), ("year", "2024")])
def test_periods_have_names_and_last_months(kind, text):
    number = number_of(kind, text)
    assert name(kind, number) == text
    assert ended(kind, last_month(kind, number)) == number
    assert ended(kind, last_month(kind, number) - datetime.timedelta(days=31)) == number - 1


def test_own_figures_stand_in_the_panel(tiny, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(
        "# our scores\ninstitution_id,period,figure,value\n5,2025Q4,system,80\n7,2025Q3,system,60\n", encoding="utf-8"
    )
    found = read_folder(find_method("pboc_green_2021"), tiny, own=own)
    values = found.panel.values[:, :, found.panel.indicators.index("system")]
    assert values[found.panel.units.index("5"), -1] == 80
    assert values[found.panel.units.index("7"), -2] == 60
    assert np.isfinite(values).sum() == 2


def test_every_error_of_own_figures_has_its_line(tiny, tmp_path):
    own = tmp_path / "own.csv"
    lines = ["institution_id,period,figure,value", "999,2025Q4,system,80", "5,2025Q4,sistem,1", "5,2025Q4,system,high"]
    own.write_text(
        "\n".join([*lines, "6,2025Q4,system,1", "6,2025Q4,system,2", "6,2025Q4,system", "8,2025-Q4,system,3"]), "utf-8"
    )
    with pytest.raises(SfbenchError) as caught:
        read_folder(find_method("pboc_green_2021"), tiny, own=own)
    said = str(caught.value)
    for line, words in (
        (2, "no bank '999'"),
        (3, "did you mean 'system'"),
        (4, "is no number"),
        (6, "twice"),
        (7, "3"),
        (8, "'2025-Q4' is no quarter"),
    ):
        assert f"own.csv:{line}: " in said and words in said


def test_a_file_with_other_columns_is_refused(tiny, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("bank,score\n1,2\n", encoding="utf-8")
    with pytest.raises(SfbenchError, match="institution_id,period,figure,value"):
        read_folder(find_method("pboc_green_2021"), tiny, own=own)


def test_a_period_after_the_last_published_one_is_a_projection(tiny):
    own = method({"balance": BALANCE})
    assert not read_folder(own, tiny, period="2025Q4").projected
    assert read_folder(own, tiny, period="2026Q1").projected


def test_a_period_without_figures_is_refused_though_the_one_before_has_some(tiny):
    long = pl.from_arrow(sfbench.evaluate(tiny, metrics=["tech_loan_balance"]))
    early = long.filter(pl.col("period") < datetime.date(2025, 12, 31)).to_arrow()
    own = method({"balance": BALANCE})
    assert read_folder(own, tiny, period="2025Q3", figures=early).panel.periods[-1] == "2025Q3"
    with pytest.raises(SfbenchError, match="no bank has a figure in 2025Q4"):
        read_folder(own, tiny, period="2025Q4", figures=early)


def test_a_period_without_figures_names_one_that_has_some(tiny):
    with pytest.raises(SfbenchError) as caught:
        read_folder(method({"balance": BALANCE}), tiny, period="2035Q2")
    assert "such as 2025Q4" in caught.value.fix


def test_where_nothing_is_computable_the_tables_that_lack_are_named(tiny):
    """A user's own folder without `enterprise`: the fix was another period, in which nothing is computable either."""
    names = ["tech_loan_balance", "tech_npl_ratio"]
    rows = [{"metric": name, "cut": None, "period": None, "reason": "needs enterprise"} for name in names]
    long = sfbench.evaluate(tiny, metrics=names).slice(0, 0).to_pylist() + rows
    schema = sfbench.evaluate(tiny, metrics=names[:1]).schema
    own = {
        name: indicator(metric=name, component=part) for name, part in zip(names, ("balance", "npl_ratio"), strict=True)
    }
    with pytest.raises(SfbenchError) as caught:
        read_folder(method(own), tiny, figures=pa.Table.from_pylist(long, schema=schema))
    assert caught.value.why == "tech_loan_balance: needs enterprise; tech_npl_ratio: needs enterprise"
    assert "check-schema" in caught.value.fix
