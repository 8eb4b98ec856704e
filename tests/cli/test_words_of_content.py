"""What files of content declare is told in Chinese: how faults come about, what parameters are, whence methods come."""

import re

import pytest

from sfbench import content
from sfbench.cli.list import LISTS
from sfbench.folders import BUILT_IN, source_of
from sfbench.words import unit

CHINESE = re.compile("[\u4e00-\u9fff]")
# Two English words in a row, which no name of a file, fact or unit has.
ENGLISH = re.compile(r"(?<![\w./])[A-Za-z][a-z]+ [a-z]{2,}")
# What is left of a source of nothing but authors and years: "Borusyak, Jaravel and Spiess 2024".
BEYOND_NAMES = re.compile(r"\b(?:and|van|der)\b|[A-Z][\w'-]*|\d{4}|[;, ]")
DAY = re.compile(r"(?<!\d)20[12]\d(?:-\d\d){0,2}(?!\d)")  # a year, month or day


def test_every_mechanism_of_a_fault_is_said_in_chinese():
    faults = [one.spec for one in content.faults().values()]
    assert len(faults) > 30
    for fault in faults:
        assert len(set(fault.mechanisms_zh)) == 2, fault.name
        assert all(CHINESE.search(said) for said in fault.mechanisms_zh), fault.name
        assert not any(CHINESE.search(said) for said in fault.mechanisms), fault.name


def test_every_unit_of_a_parameter_has_chinese_words():
    units = {one.unit for one in content.parameters().values()}
    assert len(units) > 50
    assert {name for name in units if not CHINESE.search(unit("zh", name))} == {"%"}
    assert {name for name in units if ENGLISH.search(unit("zh", name))} == set()


@pytest.mark.parametrize("what", ["source", "note"])
def test_every_source_and_note_of_a_parameter_is_said_in_chinese(what):
    for one in content.parameters().values():
        said = getattr(one, f"{what}_zh")
        assert CHINESE.search(said) and not ENGLISH.search(said), one.name
        assert bool(re.search("先验", said)) == bool(re.search("prior", getattr(one, what))), one.name


@pytest.mark.parametrize("what", ["source", "note"])
def test_days_and_files_that_it_names_are_those_of_its_translation(what):
    """Amounts may be in another unit."""
    for one in content.parameters().values():
        en, zh = getattr(one, what), re.sub(r"(\d)年(\d)月", r"\1-0\2", getattr(one, f"{what}_zh"))
        assert set(DAY.findall(en)) == set(DAY.findall(zh)), one.name
        assert set(re.findall(r"\w+\.csv", en)) <= set(re.findall(r"[a-z_]+\.csv", zh)), one.name


def test_every_source_of_an_estimator_that_is_more_than_names_is_said_in_chinese():
    found = [content.method(name).spec for name in content.method_names()]
    said = {one.name: one.source_zh for one in found if BEYOND_NAMES.sub("", one.source)}
    assert 60 < len(said) < len(found)
    assert {name for name, text in said.items() if not CHINESE.search(text) or ENGLISH.search(text)} == set()


def test_every_file_that_a_generator_reads_names_its_source_in_chinese():
    """`explain` shows it."""
    read = {"calibration/lpr", "calibration/quantile", "calibration/usd_cny", "vocabulary/code"}
    for path in (BUILT_IN / "generators").rglob("*.py"):
        calls = re.findall(r'\b(calibration|vocabulary)(?:_numbers)?\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
        read |= {"/".join(call) for call in calls}
    assert len(read) > 60
    said = {name: source_of(name, "source_zh") for name in read}
    assert {name for name, text in said.items() if not CHINESE.search(text)} == set()


def test_a_published_figure_is_told_in_chinese(run, tiny):
    said = re.sub(r"https?://\S+", "", run("calibration", tiny, "--lang", "zh").stdout)
    assert "占国高的%" in said and ENGLISH.findall(said) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("moving_list", "来源: 公布的增速：各期按当期名单"),
        ("schema_drift", "成因: 报送文件中两列互换"),
        ("bond.fee_fall", "单位: 百分点/年"),
        ("bond.fee_fall", "备注: 费率每年降幅"),
        ("facility.pilot_quota", "来源: facts.csv fx_debt_quota_2022（此前500万美元）"),
    ],
)
def test_they_are_told_where_they_are_described(name, said, run):
    assert said in run("describe", name, "--lang", "zh").stdout
    assert not CHINESE.search(run("describe", name, "--lang", "en").stdout.replace(_zh_name(name), ""))


def _zh_name(name):
    """The line of the Chinese name, which both languages show."""
    return next((one["zh"] for kind in ("faults", "estimators") for one in LISTS[kind](()) if one["name"] == name), "")


def test_a_parameter_behind_a_value_is_told_in_chinese(run, tiny):
    from pyarrow import parquet as pq

    key = pq.read_table(tiny / "data" / "loan", columns=["loan_id"])["loan_id"][0].as_py()
    said = run("explain", "loan.grant_rate", tiny, "--key", key, "--lang", "zh").stdout
    assert "credit.rate_lift = 0 百分点 (定义; 先验)" in said
    assert "percentage points (definition; prior)" in run("explain", "loan.grant_rate", tiny, "--key", key).stdout
