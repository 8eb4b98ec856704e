"""Verdicts, bands, exit codes, and what is said when tables, observations or matplotlib are missing."""

import json
import math
import shutil

import duckdb
import pytest
from typer.testing import CliRunner

import sfbench
from sfbench.cli.app import app
from sfbench.realism import plots, realism
from sfbench.realism.report import Realism, checks, judge
from sfbench.realism.thresholds import thresholds
from tests.world.shared import ROOT, SEED

PNG = b"\x89PNG\r\n"


def run(*words):
    return CliRunner().invoke(app, ["realism", *map(str, words)])


def test_every_check_has_bands_and_every_band_a_check():
    assert {band.check for band in thresholds().values()} == set(checks())
    assert len(checks()) == len(list((ROOT / "sfbench/realism/checks").glob("[!_]*.py"))) > 12


def test_a_band_names_its_source_and_how_sure_it_is():
    for band in thresholds().values():
        assert band.source and band.confidence in ("high", "medium", "low", "prior"), band.key
        assert band.low < band.high and band.least > 0, band.key


def test_a_check_without_its_tables_says_what_it_needs(made):
    connection = duckdb.connect()
    connection.execute("CREATE TABLE loan AS SELECT 1 AS loan_id")
    found = judge(connection, [checks()["grade_migration"]])
    assert {(one.verdict, one.reason) for one in found.figures} == {("not computable", "needs loan_balance, loan_flow")}
    assert not found.holds and not found.panels


def test_too_few_observations_are_no_verdict(made):
    connection = duckdb.connect()
    connection.execute("CREATE TABLE fund AS SELECT range AS manager_id, 1e8 AS size, 'pe' AS kind FROM range(20)")
    found = judge(connection, [checks()["fund_concentration"]])
    assert {one.verdict for one in found.figures} == {"too few"}
    assert "20 observations, needs 300" in found.figures[0].reason
    assert not found.holds  # nothing was judged


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", sorted(checks()))
def test_tables_without_rows_are_too_few_observations(emptied, name):
    """So it is in the first months of a city: no year end has been, and no balance is overdue."""
    found = judge(emptied(checks()[name].needs), [checks()[name]])
    assert {one.verdict for one in found.figures} == {"too few"}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("name", "table"), [(name, table) for name in checks() for table in checks()[name].needs])
def test_a_check_bears_one_of_its_tables_without_rows(emptied, name, table):
    assert judge(emptied([table]), [checks()[name]]).figures


def test_a_city_of_a_quarter_is_judged_by_what_it_has(tmp_path):
    sfbench.generate(scale="tiny", seed=SEED, as_of="2022-03-31", out=tmp_path / "early")
    done = run(tmp_path / "early")
    assert done.exit_code in (0, 1) and "too few" in done.output


def test_a_figure_that_has_no_value_although_enough_is_there_is_outside(broken):
    with broken("enterprise_year", "7 AS valid_inventions") as connection:
        found = {one.threshold.key: one for one in judge(connection, [checks()["tails"]]).figures}
    assert found["patent_hill"].verdict == "outside" and found["patent_hill"].reason == "no value"


@pytest.fixture
def narrow_tails(monkeypatch):
    """A band into which no tail of the world falls."""
    bands = {
        key: band._replace(low=90.0, high=91.0) if band.check == "tails" else band for key, band in thresholds().items()
    }
    monkeypatch.setattr("sfbench.realism.report.thresholds", lambda: bands)


def test_it_holds_if_all_that_could_be_judged_is_inside(folder, narrow_tails):
    assert realism(folder, ["seasonality", "grade_migration"]).holds
    assert not realism(folder, ["tails"]).holds
    assert not Realism((), {}).holds


def test_exit_codes_and_the_table(folder, narrow_tails):
    good, bad, wrong = (run(folder, "--check", name) for name in ("seasonality", "tails", "x"))
    assert (good.exit_code, bad.exit_code, wrong.exit_code) == (0, 1, 2)
    assert "inside" in good.output and "10 - 18" in good.output and "prior" in good.output
    assert "outside" in bad.output


def test_chinese_and_json(folder):
    assert "在范围内" in run(folder, "--check", "seasonality", "--lang", "zh").output
    rows = json.loads(run(folder, "--check", "seasonality", "--json").output)
    assert {row["key"] for row in rows} == {key for key, band in thresholds().items() if band.check == "seasonality"}
    assert all(math.isfinite(row["value"]) and row["verdict"] == "inside" for row in rows)


def test_without_matplotlib_the_figures_work_and_plots_say_how_to_install_it(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(plots, "find_spec", lambda name: None)
    assert run(folder, "--check", "seasonality").exit_code == 0
    refused = run(folder, "--check", "seasonality", "--out", tmp_path / "png")
    assert refused.exit_code == 2
    assert "pip install 'sfbench[plots]'" in refused.output
    assert not (tmp_path / "png").exists()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_check_that_was_computed_has_a_plot(folder, tmp_path, lang):
    found = realism(folder)
    files, _ = plots.draw(found, tmp_path / lang, lang)
    assert {path.stem for path in files} == set(found.panels)
    assert all(path.read_bytes().startswith(PNG) and path.stat().st_size > 8_000 for path in files)


def test_without_a_chinese_font_the_labels_are_english_and_it_says_so(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(plots, "_chinese_font", lambda: None)
    done = run(folder, "--check", "seasonality", "--out", tmp_path, "--lang", "zh")
    assert done.exit_code == 0
    assert "图中标签为英文" in done.output


def test_a_user_s_own_folder_without_most_tables_is_judged_by_what_it_holds(folder, tmp_path):
    for name in ("loan", "loan_balance", "month"):
        shutil.copytree(folder / "data" / name, tmp_path / "data" / name)
    found = realism(tmp_path)
    assert {one.threshold.check for one in found.of("inside")} == {"seasonality"}
    assert len(found.of("not computable")) > 40
