"""Wrong names and numbers on the command line: each says what, where, why, what to do; nothing is written."""

import pytest


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (["baselin"], ["unknown scenario 'baselin'", "did you mean 'baseline'?"]),
        (["baseline", "--tables", "lona"], ["--tables: unknown table 'lona'", "did you mean 'loan'?"]),
        (["baseline", "--scale", "-1"], ["--scale: scale '-1'", "above 0"]),
        (["baseline", "--scale", "nan"], ["--scale: scale 'nan'"]),
        (["baseline", "--scale", "0"], ["--scale: scale '0'"]),
        (["baseline", "--scale", "1e-9"], ["--scale: scale 1e-09 is too small", "0 firms"]),
        (["baseline", "--scale", "1e9"], ["--scale: scale '1e9'", "up to 1000"]),
        (["baseline", "--scale", "tinny"], ["--scale: scale 'tinny'", "did you mean 'tiny'?"]),
        (["baseline", "--seed", "-3"], ["--seed: seed -3"]),
        (["baseline", "--seed", "seven"], ["--seed: 'seven' is no whole number"]),
        (["baseline", "--as-of", "2025-13-01"], ["--as-of: '2025-13-01' is no date", "write it as 2025-12-31"]),
        (["baseline", "--from", "31.12.2025"], ["--from: '31.12.2025' is no date"]),
        (["baseline", "--from", "2025-12-31", "--to", "2025-01-01"], ["--from lies after --to"]),
        (["baseline", "--jobs", "0"], ["--jobs"]),
        (["baseline", "--content", "nowhere"], ["nowhere: no such content folder"]),
    ],
)
@pytest.mark.parametrize("verb", ["generate", "plan"])
def test_a_bad_wish_is_one_clear_error(verb, wish, says, refused, tmp_path):
    if verb == "plan" and "--jobs" in wish:
        pytest.skip("a plan does not depend on the number of processes")
    place = ["--out", tmp_path / "new"] if verb == "generate" else []
    assert "do:" in refused(verb, *wish, *place, says=says)
    assert not (tmp_path / "new" / "manifest.json").exists()


def test_all_errors_of_a_command_line_come_together(refused, tmp_path):
    words = refused(
        "generate", "baseline", "--scale", "-1", "--seed", "-3", "--tables", "lona", "--out", tmp_path / "new"
    )
    assert "3 errors" in words


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: x\n", ["scenario.yaml:1: unknown key 'title'", "did you mean 'title_"]),
        ("extends: [baseline]\n", ["scenario.yaml:1: 'extends' must be text"]),
        ("extends: baselin\n", ["unknown scenario 'baselin'", "did you mean 'baseline'?"]),
        ("params:\n  credit.tag_lft: 0\n", ["scenario.yaml:2: unknown parameter", "did you mean 'credit.tag_lift'?"]),
        ("params:\n  credit.tag_lift: high\n", ["scenario.yaml:2: credit.tag_lift must be a number"]),
        ("params:\n  credit.tag_lift: 7\n", ["scenario.yaml:2: credit.tag_lift = 7 is outside"]),
        ("params: [\n", ["scenario.yaml: not readable as YAML"]),
    ],
)
def test_a_bad_scenario_file_names_its_line(text, says, refused, tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text(text + "title_zh: 甲\ntitle_en: A\ncaption: A test.\n", encoding="utf-8")
    refused("generate", path, "--out", tmp_path / "new", says=says)


def test_a_folder_with_other_things_stays_as_it_is(refused, tmp_path):
    held = tmp_path / "held"
    held.mkdir()
    (held / "thesis.txt").write_text("years of work")
    for verb in (["generate", "baseline", "--force"], ["demo", "--scale", "tiny"]):
        refused(*verb, "--out", held, says=["held: the output folder holds something else", "'thesis.txt'"])
    assert (held / "thesis.txt").read_text() == "years of work"


def test_a_file_as_output_stays_as_it_is(refused, tmp_path):
    (tmp_path / "file").write_text("mine")
    refused("generate", "baseline", "--out", tmp_path / "file", "--force", says=["the output is a file"])
    assert (tmp_path / "file").read_text() == "mine"


def test_a_finished_dataset_is_replaced_only_by_force(refused, run, copy):
    before = (copy / "manifest.json").read_bytes()
    refused("generate", "baseline", "--seed", "2", "--out", copy, says=["finished dataset", "--force"])
    assert (copy / "manifest.json").read_bytes() == before
    assert run("generate", "baseline", "--seed", "2", "--out", copy, "--force").exit_code == 0
    assert (copy / "manifest.json").read_bytes() != before


def test_the_demo_replaces_no_dataset_that_it_did_not_make(refused, copy):
    before = (copy / "manifest.json").read_bytes()
    refused("demo", "--scale", "tiny", "--out", copy, says=["another dataset", "choose another --out"])
    assert (copy / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("verb", "words", "says"),
    [
        (
            "evaluate",
            ["--metric", "tech_loan_balanc"],
            ["no metric 'tech_loan_balanc'", "did you mean 'tech_loan_balance'?"],
        ),
        ("evaluate", ["--cut", "bnk"], ["no cut 'bnk'", "did you mean 'bank'?"]),
        ("evaluate", ["--measure", "x"], ["--measure: 'x' is no whole number"]),
        ("evaluate", ["--measure", "99"], ["no metric of measure 99"]),
        ("evaluate", ["--out", "figures.xls"], ["'.xls' is no format that is written here", ".parquet, .csv, .json"]),
        ("evaluate", ["--out", "nowhere/figures.csv"], ["its folder does not exist"]),
        ("evaluate", ["--as-of", "yesterday"], ["--as-of: 'yesterday' is no date"]),
        ("validate", ["--suite", "lona"], ["unknown suite 'lona'", "did you mean 'loan'?"]),
    ],
)
def test_a_bad_choice_is_one_clear_error(verb, words, says, refused, tiny):
    refused(verb, tiny, *words, says=says)


def test_figures_are_replaced_only_by_force(refused, run, tiny, tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text("mine")
    choice = ["evaluate", tiny, "--metric", "tech_loan_balance", "--out", path]
    refused(*choice, says=["the file exists", "--force"])
    assert path.read_text() == "mine"
    assert run(*choice, "--force").exit_code == 0
    assert path.read_text().startswith('"metric"')


@pytest.mark.parametrize(
    "words", [["generat"], ["generate"], ["list", "metric"], ["evaluate", "d", "--lang", "fr"], ["plan", "x", "--sed"]]
)
def test_wrong_usage_exits_with_2(words, refused):
    refused(*words, says=["Usage: ", "Error: "])


def test_nothing_of_that_name_can_be_described(refused):
    refused("describe", "lona", says=["nothing is called 'lona'", "did you mean 'loan'?"])


def test_a_drawing_replaces_nothing_without_force(refused, run, tmp_path):
    """Any file of that name was overwritten; every other verb asks for --force."""
    drawing = tmp_path / "schema.svg"
    drawing.write_text("mine", encoding="utf-8")
    words = ("describe", "loan", "--erd", "--out", drawing)
    refused(*words, says=["the file exists", "add --force to replace it"])
    assert drawing.read_text(encoding="utf-8") == "mine"
    assert run(*words, "--force").exit_code == 0 and drawing.read_text(encoding="utf-8").startswith("<svg")
    refused("describe", "loan", "--erd", "--out", tmp_path / "none" / "a.svg", says=["its folder does not exist"])
    refused("describe", "loan", "--out", drawing, says=["only a drawing goes into a file", "add --erd"])
