"""Words in Chinese: every reason and unit of the metric files has its own, and so has every method of copies."""

import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import sfbench
from sfbench import content
from sfbench.assess.find import method_files
from sfbench.assess.kinds import kinds
from sfbench.cli.app import app
from sfbench.cli.content import published_tables
from sfbench.cli.describe_words import takes
from sfbench.metrics import catalogue
from sfbench.quality.writers.wording import why
from sfbench.realism.thresholds import thresholds
from sfbench.synth.methods import method_named, method_names
from sfbench.words import reason, unit

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_reason_of_the_metric_files_has_chinese_words():
    known = catalogue().metrics.values()
    written = {
        text
        for metric in known
        for tail in re.findall(r"(?s)((?:CASE|THEN)[^;]*?) AS reason", metric.sql)
        for text in re.findall(r"THEN '([^']+)'", tail.rpartition("CASE")[2])
    }
    assert {"zero base", "small base"} <= written
    assert {text for text in written if not re.search("[\u4e00-\u9fff]", reason("zh", text))} == set()


def test_every_unit_of_a_component_has_chinese_words():
    units = {component.unit for metric in catalogue().metrics.values() for component in metric.components}
    assert {name for name in units if not re.search("[\u4e00-\u9fff]", unit("zh", name))} == {"%"}


def test_every_unit_of_a_column_has_chinese_words():
    units = {column.unit for table in published_tables(()).values() for column in table.columns if column.unit}
    assert {name for name in units if not CHINESE.search(unit("zh", name))} == {"%"}


def test_points_are_points_in_chinese(run, tiny):
    """A table said `-36.78 pp`, and the page of a report `-36.78 pp百分点`."""
    words = ("evaluate", tiny, "--metric", "tech_enterprise_loan_growth_gap")
    assert re.search(r"\d\.\d\d百分点", run(*words, "--lang", "zh").stdout) and "pp" in run(*words).stdout
    assert "pp" not in run(*words, "--lang", "zh").stdout
    published = run("calibration", tiny, "--lang", "zh").stdout
    assert re.search(r"[-+]\d+\.\d百分点", published) and " pp" not in published


def test_what_is_told_of_a_value_begins_in_one_column(run, tiny):
    """In Chinese inputs stood a column, and parameters five, to the left of the rest."""
    key = pq.read_table(tiny / "data" / "loan", columns=["loan_id"])["loan_id"][0].as_py()
    lines = run("explain", "loan.grant_rate", tiny, "--key", key, "--lang", "zh").stdout.splitlines()
    told = [line for line in lines if re.match(" +(规则|输入|抽取|参数|文件) ", line)]
    assert len({line[:4] for line in told if line.startswith("    ")}) == 1
    assert {len(re.match(" +..( +)", line)[1]) for line in told} == {7}


def test_what_an_option_of_a_step_takes_is_said_in_chinese(run):
    for one in kinds():
        said = "".join(takes(words, "zh") for words in one["options"].values())
        assert not re.search(r"number|\btext\b|indicator\b|pillar|at least \d|above \d", said), one["name"]
    lines = run("describe", "normalise.vertical_horizontal", "--lang", "zh").stdout
    assert "数（0至1）" in lines and "整数（1至600）" in lines


def test_a_folder_that_is_taken_is_told_in_one_language(run, refused, tmp_path):
    """`文件夹中有a fixture`: what stood there was put into the sentence in English."""
    words = ("fixture", "--format", "csv", "--rows", 5, "--out", tmp_path / "fixture", "--lang", "zh")
    assert run(*words).exit_code == 0
    refused(*words, says=["文件夹中已有先前的结果", "请加--force以替换"])


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("missing", "（缺失）"),
        ("missing in b.parquet", "（b.parquet中缺失）"),
        ("string, not DECIMAL(10,5)", "（类型为string，应为DECIMAL(10,5)）"),
        ("decimal128(18, 2), not DATE in b.parquet", "（b.parquet中类型为decimal128(18, 2)，应为DATE）"),
        ("without known_on it cannot be cut by a date", "（缺少known_on，无法按日期截取）"),
        ("none of its columns can be read", "（没有可读的字段）"),
        ("nothing declares when its rows were known", "（未声明记录何时知晓）"),
        ("a.parquet cannot be read as Parquet: it is damaged", "（a.parquet无法按Parquet读取：it is damaged）"),
    ],
)
def test_why_a_users_column_cannot_be_read_is_said_in_chinese(why, said):
    assert (
        reason("zh", f"needs month (missing), loan.rate ({why}), product")
        == f"缺少 month（缺失）, loan.rate{said}, product"
    )


def test_the_names_of_tables_stay_in_a_reason():
    assert reason("zh", "needs product, loan.grant_rate (missing)") == "缺少 product, loan.grant_rate（缺失）"
    assert reason("zh", "cannot be computed from these tables: x") == "无法用这些表计算：x"
    assert reason("en", "small base") == "small base" and reason("zh", None) == ""


def test_a_small_base_is_not_said_to_be_capped_as_growth_within_the_cap_is_marked_too():
    assert reason("zh", "small base") == "基数过小"


@pytest.mark.parametrize(("lang", "said"), [("en", "above 12 months earlier"), ("zh", "高于12个月前")])
def test_a_target_is_in_words_where_metrics_are_listed_and_described(run, lang, said):
    assert said in run("list", "metrics", "--lang", lang).stdout
    assert said in run("describe", "invest_early_share", "--lang", lang).stdout
    assert "> value 12" not in run("list", "metrics", "--lang", lang).stdout


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        ("the table 'loan' is missing", "缺少数据表loan"),
        ("the table 'loan' has no rows", "数据表loan没有记录"),
        (
            "the table 'loan' has no rows, and on 2022-01-31 a city may have none",
            "数据表loan没有记录，2022-01-31时城市可以没有",
        ),
        ("observed 0", "实际为0"),
        ('loan_x: Catalog Error: Table with name loan does not exist!\nDid you mean "loam"?', "缺少数据表loan"),
        ("(_duckdb.CatalogException) Catalog Error: Table with name loan does not exist!", "缺少数据表loan"),
        ("Binder Error: what DuckDB says", "Binder Error: what DuckDB says"),
    ],
)
def test_why_a_rule_has_no_verdict_is_said_in_chinese(said, zh):
    assert why(said) == (zh, said)


def test_a_schema_report_says_in_chinese_what_is_wrong_with_a_column(run, tiny, tmp_path):
    table = pq.read_table(tiny / "data" / "loan").drop_columns("digital")
    at = table.schema.get_field_index("grant_rate")
    pq.write_table(table.set_column(at, "grant_rate", table["grant_rate"].cast("string")), tmp_path / "loan.parquet")
    chinese, english = (run("check-schema", tmp_path, "--lang", lang).stdout for lang in ("zh", "en"))
    assert "类型为string，应为DECIMAL(10,5)" in chinese and "missing" not in chinese
    assert "string, not DECIMAL(10,5)\n" in english


def test_a_verdict_of_realism_says_in_chinese_what_it_lacks(run, tiny, tmp_path):
    lines = run("realism", tiny, "--check", "tails", "--lang", "zh").stdout
    assert "个观测，至少需要" in lines and "observations" not in lines
    shutil.copytree(tiny / "data" / "month", tmp_path / "data" / "month")
    lines = run("realism", tmp_path, "--check", "tails", "--lang", "zh").stdout
    assert "无法计算: 缺少 enterprise_year" in lines


def test_the_source_of_a_band_is_told_in_chinese():
    assert {band.source for band in thresholds().values() if not CHINESE.search(band.source_zh)} == set()
    assert not any(CHINESE.search(band.source) for band in thresholds().values())


def test_realism_names_sources_and_how_sure_they_are_in_chinese(run, tiny):
    lines = run("realism", tiny, "--check", "tails", "--lang", "zh").stdout
    assert "范围为先验" in lines and "[低]" in lines and "prior" not in lines


@pytest.mark.parametrize("name", sorted(method_files()))
def test_a_method_of_assessment_is_described_in_chinese(name, run):
    lines = run("describe", name, "--lang", "zh").stdout.splitlines()
    said = dict(line.split(": ", 1) for line in lines if ": " in line)
    for key in ("类别", "说明", "来源", "可信度", "频率"):
        assert CHINESE.search(said[key]), key
    assert "计分" in "".join(lines) and "scored" not in "".join(lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("generate", "baseline", "--tables", "month", "--out"), "1张表，72行"),
        (("plan", "baseline"), "未写入任何内容"),
        (("doctor",), "户企业，读回并核验"),
    ],
)
def test_a_verb_tells_what_it_did_in_chinese(words, said, run, tmp_path):
    where = [tmp_path / "city"] if words[-1] == "--out" else []
    assert said in run(*words, *where, "--lang", "zh").stdout
    assert said not in run(*words, *where, "--lang", "en").stdout


def test_a_small_size_has_a_sign_that_both_languages_write(run):
    """`950 bytes` stood in the Chinese table."""
    for lang in ("en", "zh"):
        lines = run("plan", "baseline", "--lang", lang).stdout.splitlines()
        assert [line for line in lines if re.search(r"\d{3} B$", line)] and not any(
            "bytes" in line for line in lines[2:]
        )


def test_a_difference_to_the_manifest_is_told_in_chinese(run, copy):
    next((copy / "data" / "month").glob("*.parquet")).unlink()
    assert "缺少文件" in run("verify", copy, "--lang", "zh").stdout
    (copy / "manifest.json").write_text("{", encoding="utf-8")
    assert "清单被改动或损坏：" in run("verify", copy, "--lang", "zh").stdout


def test_two_datasets_are_compared_by_the_names_of_metrics(run, tiny):
    assert "科技贷款余额: 余额" in run("compare", tiny, tiny, "--lang", "zh").stdout


def test_why_there_is_no_rank_of_a_year_before_is_said_in_chinese(run, tiny):
    words = ("assess", tiny, "--method", "oecd_style", "--period", "2022Q1")
    assert "无上年可比结果：数据不足一年" in run(*words, "--lang", "zh").stdout


def test_every_scenario_has_its_caption_in_chinese(run):
    captions = [content.scenario(name).caption_zh for name in content.scenario_names()]
    assert len(captions) > 40 and all(CHINESE.search(text) for text in captions)
    said = run("describe", "credit_crunch", "--lang", "zh").stdout
    assert "说明: 2026-04至2026-12" in said and "refuse" not in said
    assert "banks refuse" in run("describe", "credit_crunch", "--lang", "en").stdout


def test_why_a_figure_is_estimated_is_said_in_chinese():
    query = (Path(sfbench.__file__).parent / "metrics" / "relay_rate.sql").read_text(encoding="utf-8")
    (said,) = re.findall("'(estimated: [^']*)'", query)
    assert reason("zh", said) == "估计值：批次未满60个月"


@pytest.mark.parametrize("name", method_names())
def test_a_method_of_copies_says_what_it_does_in_both_languages(name):
    method = method_named(name)
    assert re.search("[\u4e00-\u9fff]", method.about_zh) and not re.search("[\u4e00-\u9fff]", method.about)


def test_methods_are_listed_in_the_language_that_is_asked():
    result = CliRunner().invoke(app, ["synth", "methods", "--lang", "zh"], env={"COLUMNS": "200"})
    assert "整户复制" in result.stdout and "copies of whole firms" not in result.stdout
