"""What the verbs print: for people in two languages, for machines as JSON."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

LONG = [
    "metric", "measure", "component", "period", "cut", "cut_value", "value", "value_city", "unit", "scope_version",
    "target", "status", "first_achieved_on", "sustained", "computable", "reason",
]  # fmt: skip


def test_generate_prints_one_result_line_in_a_pipe(process, tmp_path):
    made = process("generate", "baseline", "--out", tmp_path / "out", "--tables", "month,product")
    assert made.returncode == 0
    assert made.stderr == ""
    assert len(made.stdout.splitlines()) == 1


def test_generate_as_json_states_what_was_made(run, tmp_path):
    made = json.loads(
        run("generate", "baseline", "--out", tmp_path / "out", "--tables", "month", "--seed", 3, "--json").stdout
    )
    assert (made["scenario"], made["seed"], list(made["tables"])) == ("baseline", 3, ["month"])


def test_plan_writes_nothing(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    facts = json.loads(run("plan", "baseline", "--scale", "0.2", "--json").stdout)
    assert {"blocks", "files", "rows", "bytes", "memory_mib", "cpu_seconds", "tables"} <= set(facts)
    assert facts["files"] == sum(table["files"] for table in facts["tables"].values())
    assert not list(tmp_path.iterdir())


def test_evaluate_as_json_is_one_list_of_long_records(run, tiny):
    found = run("evaluate", tiny, "--metric", "tech_loan_balance", "--cut", "total", "--json")
    records = json.loads(found.stdout)
    assert isinstance(records, list)
    assert all(list(record) == LONG for record in records)
    assert {record["metric"] for record in records} == {"tech_loan_balance"}


def test_evaluate_writes_the_same_rows_in_each_format(run, tiny, tmp_path):
    for suffix in ("parquet", "csv", "json"):
        assert run("evaluate", tiny, "--metric", "tech_loan_balance", "--out", tmp_path / f"f.{suffix}").exit_code == 0
    rows = pq.read_table(tmp_path / "f.parquet").num_rows
    assert len(json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))) == rows
    with (tmp_path / "f.csv").open(encoding="utf-8") as lines:
        assert len(list(csv.DictReader(lines))) == rows


def test_evaluate_as_of_sees_no_later_month(run, tiny):
    found = run("evaluate", tiny, "--metric", "tech_loan_balance", "--as-of", "2024-06-30", "--json")
    assert max(record["period"] for record in json.loads(found.stdout)) == "2024-06-30"


def test_people_read_evaluate_in_either_language(run, tiny, monkeypatch):
    choice = ["evaluate", tiny, "--metric", "tech_loan_balance"]
    assert "Total tech loan balance" in run(*choice).stdout
    assert "科技贷款余额" in run(*choice, "--lang", "zh").stdout
    monkeypatch.setenv("SFBENCH_LANG", "zh")
    assert "科技贷款余额" in run(*choice).stdout


def test_validate_exits_with_1_on_a_violation(run, copy):
    path = copy / "data" / "month" / "part-00000.parquet"
    (copy / "manifest.json").unlink()  # a user's own data: nothing vouches for the files
    table = pq.read_table(path)
    pq.write_table(pa.concat_tables([table, table]), path)  # every month twice
    found = run("validate", copy, "--suite", "month", "--json")
    assert found.exit_code == 1
    report = json.loads(found.stdout)
    assert report["verdict"] == "violated"
    assert "violated" in run("validate", copy, "--suite", "month").stdout
    assert "违反" in run("validate", copy, "--suite", "month", "--lang", "zh").stdout


def test_validate_exits_with_0_on_clean_data(run, tiny):
    found = run("validate", tiny, "--suite", "month,product")
    assert found.exit_code == 0
    assert "expectations hold" in found.stdout


@pytest.mark.parametrize("kind", ["tables", "scenarios", "metrics", "steps", "suites", "parameters"])
def test_every_list_has_names_and_every_name_can_be_described(kind, run):
    records = json.loads(run("list", kind, "--json").stdout)
    assert records
    for record in records[:3]:
        assert json.loads(run("describe", record["name"], "--json").stdout)["name"] == record["name"]
        assert record["name"] in run("describe", record["name"], "--lang", "zh").stdout


def test_list_without_a_kind_has_all_kinds(run):
    kinds = ["tables", "scenarios", "metrics", "methods", "steps", "estimators"]
    kinds += ["suites", "faults", "parameters"]
    assert list(json.loads(run("list", "--json").stdout)) == kinds


def test_a_step_is_described_with_what_its_options_take(run, refused):
    """A method names every step and option: what there is to name must be found without reading code."""
    facts = json.loads(run("describe", "normalise.vertical_horizontal", "--json").stdout)
    assert facts["options"]["past"] == "before | with_current"
    assert facts["options"]["points"] == "[[number, number], ...]"
    assert "number at least 0 and at most 1" in run("describe", "normalise.vertical_horizontal").stdout
    refused("describe", "log", says=["transform.log", "outliers.log"])


def test_people_read_all_lists_under_their_titles(run):
    printed = run("list").stdout.splitlines()
    assert {"tables", "scenarios", "metrics", "methods", "suites", "faults", "parameters"} <= set(printed)
    assert {"数据表", "情景", "指标", "评价方法", "检查规则集", "差错", "参数"} <= set(
        run("list", "--lang", "zh").stdout.splitlines()
    )


def test_a_table_is_described_with_codes_and_units(run):
    facts = json.loads(run("describe", "loan_balance", "--json").stdout)
    grade = next(column for column in facts["columns"] if column["name"] == "grade")
    assert {"code", "zh", "en"} == set(grade["values"][0])
    assert all(column["zh"] and column["en"] for column in facts["columns"])


def test_calibration_gives_source_and_deviation(run, tiny):
    found = run("calibration", tiny, "--json")
    assert found.exit_code == 0, found.stderr
    facts = json.loads(found.stdout)
    assert facts["figures"] and facts["not_expressed"]
    assert all(row["source"] and row["confidence"] for row in facts["figures"])
    assert "公布值" in run("calibration", tiny, "--lang", "zh").stdout
