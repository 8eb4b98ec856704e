"""`sfbench assess`: a ranking for people, JSON for machines, files for a folder, clear errors."""

import json

import pytest

import sfbench

METHOD = ("--method", "oecd_style")


def test_people_read_a_ranking_in_either_language(run, tiny):
    english, chinese = (run("assess", tiny, *METHOD, "--lang", lang) for lang in ("en", "zh"))
    assert english.exit_code == chinese.exit_code == 0
    assert "rank" in english.stdout and "not an official" in english.stdout
    assert "名次" in chinese.stdout and "非官方" in chinese.stdout


def test_json_is_alone_on_stdout_and_gives_ranks_with_intervals(run, tiny):
    found = run("assess", tiny, *METHOD, "--replicates", 20, "--json")
    banks = json.loads(found.stdout)["banks"]
    assert [bank["rank"] for bank in banks] == sorted(bank["rank"] for bank in banks)
    assert all(bank["rank_low"] <= bank["rank_median"] <= bank["rank_high"] for bank in banks)


def test_python_gives_what_the_command_line_prints(run, tiny):
    banks = json.loads(run("assess", tiny, *METHOD, "--period", "2024Q4", "--json").stdout)["banks"]
    now = sfbench.assessment(tiny, "oecd_style", period="2024Q4").now
    assert {bank["institution_id"]: bank["score"] for bank in banks} == dict(
        zip(now.units, now.score.tolist(), strict=True)
    )


def test_the_seed_decides_the_replicates(run, tiny):
    words = ("assess", tiny, *METHOD, "--replicates", 20, "--json")
    first, again, other = (json.loads(run(*words, "--seed", seed).stdout) for seed in (1, 1, 2))
    assert first == again != other


def test_a_folder_gets_scorecards_and_is_not_overwritten_unasked(run, refused, tiny, tmp_path):
    out = tmp_path / "out"
    made = run("assess", tiny, *METHOD, "--replicates", 10, "--out", out)
    assert made.exit_code == 0, made.stderr
    names = {"assessment.json", "ranking.csv", "indicators.csv", "replicates.csv", "scorecards.html", "scorecards.xlsx"}
    assert {path.name for path in out.iterdir()} == names
    refused("assess", tiny, *METHOD, "--out", out, says=["not empty", "--force"])
    assert run("assess", tiny, *METHOD, "--out", out, "--force").exit_code == 0
    assert {path.name for path in out.iterdir()} == names - {"replicates.csv"}  # the log of another run is gone


def test_a_new_method_assesses(run, tiny, tmp_path):
    home = tmp_path / "content"
    assert run("new", "method", "my_method", "--content", home).exit_code == 0
    found = run("assess", tiny, "--method", "my_method", "--content", home, "--replicates", 10, "--json")
    assert found.exit_code == 0, found.stderr
    assert "my_method" in run("list", "methods", "--content", home).stdout
    assert json.loads(run("describe", "my_method", "--content", home, "--json").stdout)["steps"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--method", "oecd_stile"], ["did you mean 'oecd_style'"]),
        (["--method", "nowhere.yaml"], ["no such method file"]),
        ([*METHOD, "--period", "2025"], ["is no quarter", "2025Q4"]),
        ([*METHOD, "--period", "2099Q1"], ["no bank has a figure"]),
        ([*METHOD, "--replicates", "-1"], ["is below 0"]),
        ([*METHOD, "--replicates", "many"], ["is no whole number"]),
        ([*METHOD, "--seed", "-1"], ["is below 0"]),
        ([*METHOD, "--qualitative", "nowhere.csv"], ["cannot be read"]),
        (["--method", "nfra_growth_rule"], ["plan", "--qualitative FILE"]),
    ],
)
def test_bad_wishes_are_clear_errors(refused, tiny, words, said):
    refused("assess", tiny, *words, says=said)


def test_scores_for_a_method_without_own_figures_are_told_what_to_do(refused, tiny, tmp_path):
    (tmp_path / "scores.csv").write_text("institution_id,period,figure,value\n5,2025Q4,system,75\n", encoding="utf-8")
    words = ("--method", "shenzhen_tech_finance", "--qualitative", tmp_path / "scores.csv")
    refused("assess", tiny, *words, says=["no figure 'system'", "leave the file out: the method takes no own figures"])


def test_a_bad_method_file_shows_every_error_with_its_line(refused, tiny, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("title_zh: 甲\ntitel_en: A\nnormalise: zet\nweights: equal\n", encoding="utf-8")
    said = [f"{path}:2", "did you mean 'title_en'", f"{path}:3", "unknown kind 'zet'", "'aggregate' is not named"]
    refused("assess", tiny, "--method", path, says=said)


def test_own_tables_without_what_a_method_needs_are_a_clear_error(refused, tiny, tmp_path):
    import shutil

    shutil.copytree(tiny / "data" / "institution", tmp_path / "own" / "institution")
    refused("assess", tmp_path / "own", *METHOD, says=["none of the method's figures", "needs"])
