"""Headers of metric and mart files: what they say, and all their errors at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfbench.errors import ManyErrors, SfbenchError
from sfbench.metrics import parse_mart, parse_metric
from sfbench.spec import Need

GOOD = """-- id: note_count
-- measure: 20
-- zh: 借据数
-- en: Notes
-- period: month
-- component: notes | count | additive | 借据 | Notes
-- component: share | % | not additive | 占比 | Share
-- cuts: total, bank, bank*tag
-- direction: none
-- target: >1 by 2027-12
-- source: own;
--   a second line
-- needs: month(month), loan_month
SELECT 1
"""


def written(folder: Path, text: str, name: str = "note_count") -> Path:
    path = folder / f"{name}.sql"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_header_becomes_a_metric(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    metric = parse_metric(path)
    assert (metric.id, metric.measure, metric.period, metric.direction) == ("note_count", 20, "month", "none")
    assert [(c.name, c.unit, c.additive) for c in metric.components] == [
        ("notes", "count", True),
        ("share", "%", False),
    ]
    assert metric.cuts == ("total", "bank", "bank*tag")
    assert metric.source == "own; a second line"
    assert metric.needs == (Need("month", ("month",)), Need("loan_month"))
    assert metric.where == str(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("-- id: note_count", "-- id: notes", r":1: id 'notes' does not fit"),
        ("measure: 20", "measure: many", r":2: measure 'many' is not a whole number"),
        ("-- zh: 借据数\n", "", r":1: the header lacks 'zh'"),
        ("-- en: Notes\n", "-- en:\n", r":4: 'en' is empty"),
        ("period: month", "period: moth", r":5: period 'moth' is unknown\n  do:  did you mean 'month'"),
        ("| additive |", "| sum |", r":6: a component is additive or not additive, not 'sum'"),
        ("-- component: share | % |", "-- component: share |", r":7: the component has 4 of 5 fields"),
        ("component: share", "component: notes", r":7: two components are called 'notes'"),
        ("bank*tag", "bank x tag", r":8: 'bank x tag' is not a cut"),
        ("total, ", "", r":10: a target is judged on the cut 'total'"),
        (
            "-- direction: none",
            "-- directoin: none",
            r":9: unknown header key 'directoin'\n  do:  did you mean 'direction'",
        ),
        (">1 by", ">one by", r":10: target '>one by 2027-12' cannot be read"),
        ("--   a second", "-- a second", r":12: not a header line"),
        ("month(month)", "month(month", r":13: `needs` cannot be read"),
        ("SELECT 1\n", "", r":1: the file holds no query"),
        ("-- zh:", "-- en: Again\n-- zh:", r":5: the header says 'en' twice"),
    ],
)
def test_each_error_says_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(SfbenchError, match=message):
        parse_metric(written(tmp_path, GOOD.replace(old, new)))


def test_all_errors_of_a_file_come_at_once(tmp_path: Path) -> None:
    bad = (
        GOOD.replace("measure: 20", "measure: x")
        .replace("direction: none", "direction: sideways")
        .replace("| additive", "| some")
    )
    with pytest.raises(ManyErrors) as caught:
        parse_metric(written(tmp_path, bad))
    assert len(caught.value.errors) == 3


def test_a_mart_says_its_grain(tmp_path: Path) -> None:
    text = "-- id: m\n-- grain: month\n-- caption: One.\n-- needs: loan(loan_id,\n--   green)\nSELECT 1\n"
    mart = parse_mart(written(tmp_path, text, "m"))
    assert (mart.grain, mart.needs) == ("month", (Need("loan", ("loan_id", "green")),))


def test_a_mart_without_a_grain_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SfbenchError, match="lacks 'grain'"):
        parse_mart(written(tmp_path, "-- id: m\n-- caption: One.\n-- needs: loan\nSELECT 1\n", "m"))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            "-- incremental: month\n-- sliced: too many rows\n",
            r":6: a mart is kept \(incremental\) or sliced, not both",
        ),
        ("-- period: quarter\n", r":5: only an incremental mart has a period"),
        ("-- incremental: quarter\n-- period: week\n", r":6: period 'week' is unknown"),
        ("-- incremental: month\n-- only: loan_id\n", r":6: `only` reads `table.column in table`"),
        ("-- incremental: month\n-- only: month.month in loan\n", r":6: `only` names columns that `needs` does not"),
        ("-- only: month.month in month\n", r":5: `only` names columns that `needs` does not, or no new months"),
    ],
)
def test_a_mart_that_contradicts_itself_is_refused(tmp_path: Path, keys: str, message: str) -> None:
    text = f"-- id: some\n-- grain: month\n-- caption: some\n-- needs: month(month)\n{keys}SELECT 1\n"
    with pytest.raises(SfbenchError, match=message):
        parse_mart(written(tmp_path, text, "some"))


def test_a_target_is_judged_on_the_first_component_or_on_those_that_the_header_names(tmp_path: Path) -> None:
    assert parse_metric(written(tmp_path, GOOD)).judged == ("notes",)
    assert parse_metric(written(tmp_path, GOOD.replace("-- target: >1 by 2027-12\n", ""))).judged == ()
    both = GOOD.replace("-- source:", "-- judged: share, notes\n-- source:")
    assert parse_metric(written(tmp_path, both)).judged == ("notes", "share")
    with pytest.raises(SfbenchError, match="unknown component 'others'"):
        parse_metric(written(tmp_path, both.replace("judged: share", "judged: others")))
