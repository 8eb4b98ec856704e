"""A user's own content: `new` writes files that work, and bad files are clear errors."""

import json

import pytest

HEAD = """-- id: mine
-- measure: 0
-- zh: 甲
-- en: Mine
-- period: month
-- component: notes | count | additive | 借据笔数 | Notes
-- cuts: total
-- direction: none
-- source: a test
-- needs: loan(loan_id)
"""


@pytest.fixture
def home(tmp_path):
    return tmp_path / "content"


def metric(home, text):
    path = home / "metrics" / "mine.sql"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def test_a_new_table_generates(run, home, tmp_path):
    assert run("new", "table", "my_score", "--content", home).exit_code == 0
    made = run("generate", "baseline", "--content", home, "--tables", "my_score", "--out", tmp_path / "out", "--json")
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["tables"]["my_score"] > 0


def test_a_new_metric_evaluates(run, home, tiny):
    assert run("new", "metric", "my_notes", "--content", home).exit_code == 0
    found = run("evaluate", tiny, "--content", home, "--metric", "my_notes", "--json")
    assert found.exit_code == 0, found.stderr
    assert all(record["computable"] for record in json.loads(found.stdout))


def test_a_new_scenario_changes_a_parameter(run, home):
    assert run("new", "scenario", "my_world", "--content", home).exit_code == 0
    assert json.loads(run("describe", "my_world", "--content", home, "--json").stdout)["changed"]
    assert run("plan", "my_world", "--content", home).exit_code == 0


def test_a_new_suite_is_checked(run, home, tiny):
    assert run("new", "suite", "my_checks", "--content", home).exit_code == 0
    found = run("validate", tiny, "--content", home, "--suite", "my_checks", "--json")
    assert found.exit_code == 0, found.stderr
    assert [f["id"] for f in json.loads(found.stdout)["findings"]] == ["my_checks.amount_above_zero"]


def test_a_new_fault_is_planted(run, home, tmp_path):
    assert run("new", "fault", "my_slip", "--content", home).exit_code == 0
    (home / "scenarios").mkdir()
    head = "title_zh: 甲\ntitle_en: A\ncaption: A test.\nextends: baseline\n"
    wish = "  - {fault: my_slip, table: branch, columns: staff, rate: 0.5}\n"
    (home / "scenarios" / "mine.yaml").write_text(f"{head}faults:\n{wish}", encoding="utf-8")
    out = tmp_path / "out"
    made = run("generate", "mine", "--content", home, "--tables", "branch", "--out", out)
    assert made.exit_code == 0, made.stderr
    assert (out / "truth" / "labels.parquet").is_file()
    assert json.loads(run("describe", "my_slip", "--content", home, "--json").stdout)["level"] == "cell"


@pytest.mark.parametrize("words", [[], ["--sql"]])
def test_a_new_bench_method_is_scored(run, home, tmp_path, words):
    assert run("bench", "new", "method", "my_gap", "--content", home, *words).exit_code == 0
    found = run(
        *("bench", "run", "s01_uniform_lift", "--variant", "main", "--seeds", 2, "--method", "my_gap,post_gap"),
        *("--content", home, "--out", tmp_path / "bench", "--json"),
    )
    assert found.exit_code == 0, found.stderr
    mine, ours = json.loads(found.stdout)
    assert mine["method"] == "my_gap" and mine["failures"] == 0
    assert abs(mine["figures"]["bias"]["mean"]) < 0.2 and ours["truth"] == mine["truth"]


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("fault", "typo"),
        ("table", "loan"),
        ("metric", "tech_loan_balance"),
        ("metric", "loan"),
        ("scenario", "baseline"),
        ("suite", "loan"),
    ],
)
def test_a_taken_name_is_refused(kind, taken, refused, home):
    refused("new", kind, taken, "--content", home, says=["choose another name"])
    assert not home.exists()


def test_a_bad_name_is_refused_with_a_better_one(refused, home):
    refused("new", "table", "My-Score", "--content", home, says=["'My-Score' is no name", "try 'my_score'"])


def test_new_never_overwrites(refused, run, home):
    run("new", "metric", "my_notes", "--content", home)
    (home / "metrics" / "my_notes.sql").write_text("work")
    refused("new", "metric", "my_notes", "--content", home, says=["the file exists"])
    assert (home / "metrics" / "my_notes.sql").read_text() == "work"


def test_a_bad_header_names_file_and_line(refused, home, tiny):
    metric(home, HEAD.replace("-- direction: none", "-- dirction: none") + "SELECT 1\n")
    refused(
        "evaluate",
        tiny,
        "--content",
        home,
        says=["mine.sql:8: unknown header key 'dirction'", "did you mean 'direction'?"],
    )


def test_failing_sql_names_file_and_line(refused, home, tiny):
    metric(home, HEAD + "SELECT no_such_column AS value FROM loan\n")
    refused(
        "evaluate",
        tiny,
        "--content",
        home,
        "--metric",
        "mine",
        says=["mine.sql:11: the query of metric 'mine' fails", "do:  correct the query"],
    )


def test_a_clash_of_names_is_refused(refused, home, tiny, tmp_path):
    path = home / "generators" / "loan.py"
    path.parent.mkdir(parents=True)
    path.write_text('"""A clash."""\n')
    says = ["two generators are called 'loan'", "rename one"]
    refused("generate", "baseline", "--content", home, "--out", tmp_path / "out", says=says)
    refused("evaluate", tiny, "--content", home, says=says)
    refused("validate", tiny, "--content", home, says=says)


def test_a_table_file_that_does_not_load_names_its_line(refused, home, tmp_path):
    path = home / "generators" / "mine.py"
    path.parent.mkdir(parents=True)
    path.write_text('"""A table."""\nimport no_such_module\n')
    refused("plan", "baseline", "--content", home, says=["mine.py:2: the table file does not load", "no_such_module"])


def test_scenarios_that_extend_each_other_are_refused(refused, home):
    folder = home / "scenarios"
    folder.mkdir(parents=True)
    for name, other in (("day", "night"), ("night", "day")):
        (folder / f"{name}.yaml").write_text(f"title_zh: 甲\ntitle_en: A\ncaption: A test.\nextends: {other}\n")
    refused("plan", "day", "--content", home, says=["in a circle", "day -> night -> day"])
