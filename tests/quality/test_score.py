"""The score counts what was planted, what was found and what was blamed wrongly."""

import json

import duckdb
import pytest
from typer.testing import CliRunner

from sfbench.cli.app import app
from sfbench.cli.quality_score import _show, _soon
from sfbench.errors import SfbenchError
from sfbench.quality.score import quality_score
from sfbench.quality.score.lag import lag_of
from tests.reporting.planted import entry, scenario

TINY = 0.002
BLAMES_ALL = """table: district
expectations:
  - id: district.none
    type: rows
    query: SELECT district_id FROM {batch}
    severity: info
    zh: 没有行政区
    en: There is no district
    finds_zh: 无
    finds_en: nothing
"""


BLAMES_THE_TABLE = """table: loan
expectations:
  - {id: loan.all_none, type: expect_table_row_count_to_equal, kwargs: {value: 0}, KEPT}
  - {id: loan.all_each, type: rows, query: "SELECT 1 AS wrong FROM {batch}", KEPT}
  - {id: loan.all_months, type: rows, query: "SELECT last_day(granted_on) AS month FROM {batch} GROUP BY ALL", KEPT}
  - {id: loan.all_areas, type: rows, query: "SELECT borrower_area_code FROM {batch} NAMED", KEPT}
  - {id: loan.all_currencies, type: rows, query: "SELECT currency FROM {batch} NAMED", KEPT}
""".replace("KEPT", "severity: info, zh: 没有贷款, en: There is no loan, finds_zh: 无, finds_en: nothing")
BLAMES_THE_TABLE = BLAMES_THE_TABLE.replace("NAMED", "WHERE borrower_uscc <> '' GROUP BY ALL")  # looks at the codes


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """A tiny world with two visible faults and one that is none, scored with one expectation that is always wrong."""
    folder = tmp_path_factory.mktemp("score")
    (folder / "own" / "expectations").mkdir(parents=True)
    (folder / "own" / "expectations" / "blames.yaml").write_text(BLAMES_ALL, encoding="utf-8")
    lines = [entry("check_digit", 1), entry("orphan", 1), entry("imputed_constant", 1)]
    wish = scenario(folder, *lines)
    out = folder / "kept"
    return quality_score(wish, scale=TINY, seeds=[5], out=out, content=(folder / "own",)), out


def test_every_planted_event_is_counted_once(scored):
    score, out = scored
    labels = duckdb.sql(f"SELECT fault, group_id, decoy FROM '{out}/seed-5/truth/labels.parquet'")
    events = dict(
        labels.query("l", "SELECT fault, count(DISTINCT group_id) FROM l WHERE NOT decoy GROUP BY 1").fetchall()
    )
    assert {f.name: f.count.planted for f in score.faults} == {n: events[n] for n in events if n != "consequence"}


def test_what_a_rule_sees_is_found_and_what_none_sees_is_left_out_of_recall(scored):
    score, _ = scored
    found = {f.name: f for f in score.faults}
    assert found["check_digit"].recall == found["orphan"].recall == 1
    assert not found["imputed_constant"].visible
    assert score.recall == 1


def test_a_class_counts_an_alarm_once_whatever_faults_its_expectation_found(tmp_path):
    """A typing error and a wrong check digit in one column are found by the same expectations."""
    kinds = ["fault: check_digit", "fault: typo"]
    wish = scenario(tmp_path, *(f"  - {{{kind}, table: loan, columns: borrower_uscc, rate: 0.05}}\n" for kind in kinds))
    score = quality_score(wish, scale=TINY, seeds=[5])
    (cells,) = score.classes
    assert cells.count.planted == sum(fault.count.planted for fault in score.faults)
    assert cells.count.found == sum(fault.count.found for fault in score.faults)
    assert cells.count.alarms == score.alarms < sum(fault.count.alarms for fault in score.faults)
    assert cells.precision == score.precision


def test_alarms_on_sound_rows_cost_precision(scored):
    score, out = scored
    blamed = {e.id: e for e in score.expectations}["district.none"]
    districts = duckdb.sql(f"SELECT count(*) FROM '{out}/seed-5/data/district/*.parquet'").fetchall()[0][0]
    assert (blamed.count.alarms, blamed.count.true_alarms, blamed.precision) == (districts, 0, 0)
    assert score.false_alarms == districts
    assert score.precision == pytest.approx(1 - districts / score.alarms)
    assert score.false_per_1000 == pytest.approx(1000 * districts / score.clean_rows)


def test_who_blames_everything_is_right_of_as_much_as_is_wrong(tmp_path):
    """A claim that names no row claims all rows of the table, of the month, or of the group that it names."""
    (tmp_path / "own" / "expectations").mkdir(parents=True)
    (tmp_path / "own" / "expectations" / "blames.yaml").write_text(BLAMES_THE_TABLE, encoding="utf-8")
    wish = scenario(tmp_path, "  - {fault: check_digit, table: loan, columns: borrower_uscc, rate: 0.05}\n")
    score = quality_score(wish, scale=TINY, seeds=[5], out=tmp_path / "kept", content=(tmp_path / "own",))
    loans = duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/kept/seed-5/data/loan/*.parquet'").fetchall()[0][0]
    found = {e.id: e for e in score.expectations}
    labels = f"'{tmp_path}/kept/seed-5/truth/labels.parquet'"
    wrong = duckdb.sql(f"SELECT count(DISTINCT key) FROM {labels} WHERE NOT decoy AND \"table\" = 'loan'").fetchall()[
        0
    ][0]
    for claim, times in (
        ("loan.all_none", 1),
        ("loan.all_each", loans),
        ("loan.all_months", 1),
        ("loan.all_areas", 1),
        ("loan.all_currencies", 1),
    ):
        assert (found[claim].count.alarms, found[claim].count.true_alarms) == (times * loans, times * wrong), claim
    assert score.precision < 0.1


def test_a_scenario_without_faults_is_refused():
    with pytest.raises(SfbenchError, match="plants no faults"):
        quality_score("baseline", scale=TINY)


def test_the_lag_counts_only_events_that_were_followed_long_enough():
    found = lag_of([(3, 0), (3, 2), (1, None), (0, 0)])
    assert found.within == {0: (2, 4), 1: (1, 3), 2: (2, 2), 3: (2, 2)}


@pytest.mark.parametrize(
    ("events", "en", "zh"),
    [
        ([(3, 0), (3, 0), (3, 2)], "same month 0.667", "当月 0.667"),
        ([(0, 0)], "same month 1.000", "当月 1.000"),  # the last month: not followed for longer
        ([(3, 1), (3, 1), (3, 0)], "within a month 1.000", "1个月内 1.000"),
        ([(3, 3), (3, 2), (3, None)], "within 3 months 0.667", "3个月内 0.667"),
        ([(2, None), (2, None), (2, 1)], "within 2 months 0.333", "2个月内 0.333"),
        ([], "-", "-"),
    ],
)
def test_people_read_within_how_many_months_most_events_are_shown(events, en, zh):
    assert (_soon(lag_of(events), "en"), _soon(lag_of(events), "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        (
            "en",
            ["recall 1.000 of visible faults", "declared invisible to rules", "district.none", "Wrong check digit"],
        ),
        ("zh", ["可见差错召回率1.000", "声明规则不可见", "district.none", "校验"]),
    ],
)
def test_people_read_the_score_in_their_language(scored, capsys, lang, says):
    _show(scored[0], lang)
    printed = capsys.readouterr().out
    assert [text for text in says if text not in printed] == []
    assert [e.id for e in scored[0].expectations if e.id not in printed] == []


def test_the_verb_prints_figures_for_machines(tmp_path):
    wish = scenario(tmp_path, entry("check_digit", 1))
    done = CliRunner().invoke(app, ["quality-score", wish, "--scale", str(TINY), "--seed", "5", "--json"])
    figures = json.loads(done.stdout)
    assert (figures["recall"], figures["precision"], figures["seeds"]) == (1, 1, [5])
