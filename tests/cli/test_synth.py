"""`sfbench synth` as a user runs it: fit, sample, refuse."""

import json

import pytest

import sfbench
from sfbench.privacy import attack_names


def test_fit_and_sample_make_a_dataset_that_verifies(tiny, tmp_path, run):
    model, out = tmp_path / "model.zip", tmp_path / "copy"
    fitted = run("synth", "fit", tiny, "--tables", "enterprise,loan", "--out", model, "--json")
    assert fitted.exit_code == 0, fitted.output
    assert json.loads(fitted.stdout)["tables"] == ["enterprise", "loan"]
    sampled = run("synth", "sample", model, "--out", out, "--rows", 300, "--seed", 4, "--json")
    assert sampled.exit_code == 0, sampled.output
    assert json.loads(sampled.stdout)["rows"]["enterprise"] == 300
    assert sfbench.verify(out) == []


def test_a_sample_is_not_written_over_something_else(tiny, tmp_path, run, refused):
    model = tmp_path / "model.zip"
    assert run("synth", "fit", tiny, "--tables", "enterprise,loan", "--out", model).exit_code == 0
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "thesis.txt").write_text("mine")
    refused("synth", "sample", model, "--out", tmp_path / "held", says=["holds something else"])


def test_what_cannot_be_done_is_told(tiny, tmp_path, refused):
    out = tmp_path / "model.zip"
    refused("synth", "fit", tiny, "--out", out, "--method", "linkd", says=["did you mean 'linked'?"])
    refused("synth", "fit", tiny, "--out", out, "--option", "k", says=["NAME=VALUE"])
    refused("synth", "fit", tiny, "--out", out, "--keep-out", "2", says=["between 0 and 1"])
    refused("synth", "fit", tiny, "--out", out, "--canaries", "-1", says=["cannot be planted"])
    refused("synth", "sample", out, "--out", tmp_path / "copy", says=["no such model file"])
    assert not out.exists()


@pytest.mark.parametrize(("method", "sings"), [("bootstrap", True), ("independent", False)])
def test_planted_canaries_are_looked_for_in_the_copy(tiny, tmp_path, run, method, sings):
    model, out = tmp_path / "model.zip", tmp_path / "copy"
    wish = ("--tables", "enterprise,loan", "--method", method, "--canaries", 100, "--out", model)
    fitted = run("synth", "fit", tiny, *wish)
    assert fitted.exit_code == 0, fitted.output
    assert "100 canaries were learned, too" in " ".join(fitted.output.split())
    assert run("synth", "sample", model, "--out", out, "--seed", 4).exit_code == 0
    figures = json.loads(run("synth", "report", tiny, out, "--json").stdout)["figures"]
    heard = next(figure for figure in figures if figure["name"] == "canaries")
    assert heard["attack"]["tries"] == 100
    assert (heard["verdict"] == "beyond") == sings


def test_help_says_which_tables_are_learned_unless_named(run):
    assert "default: enterprise, loan and loan_balance" in " ".join(run("synth", "fit", "--help").output.split())


def test_methods_and_help_name_the_licence_of_sdv(run):
    assert "Business Source License" in " ".join(run("synth", "--help").output.split())
    assert "BUSL-1.1" in run("synth", "methods").stdout
    assert "商业源码许可" in run("synth", "methods", "--lang", "zh").stdout


def test_the_frontier_refuses_what_is_no_card(tmp_path, refused):
    (tmp_path / "card.json").write_text("{}")
    refused("synth", "frontier", tmp_path / "card.json", says=["no card of a copy"])
    refused("synth", "frontier", tmp_path / "none.json", says=["cannot be read"])


@pytest.fixture
def small_copy(tiny, tmp_path, run):
    model, out = tmp_path / "model.zip", tmp_path / "copy"
    assert run("synth", "fit", tiny, "--tables", "enterprise", "--method", "independent", "--out", model).exit_code == 0
    assert run("synth", "sample", model, "--out", out).exit_code == 0
    return out


def test_a_copy_that_nobody_could_judge_is_no_success(tiny, small_copy, tmp_path, run):
    anything = {word: 1 for word in ("most_risk_low", "most_risk", "must_see")}
    lenient = {"privacy": dict.fromkeys(attack_names(), anything)}
    (tmp_path / "lenient.yaml").write_text(json.dumps(lenient))
    (tmp_path / "strict.yaml").write_text(json.dumps({"privacy": {**lenient["privacy"], "k_map": {"must_see": 0}}}))
    reports = {
        wish: run("synth", "report", tiny, small_copy, "--thresholds", tmp_path / wish[0], *wish[1:])
        for wish in (("lenient.yaml",), ("strict.yaml",), ("strict.yaml", "--allow-unjudged"))
    }
    assert [found.exit_code for found in reports.values()] == [0, 1, 0]
    said = " ".join(reports["strict.yaml",].stdout.split())
    assert "would not have been seen" in said and "privacy: not judged" in said


def test_what_would_have_been_seen_is_on_the_card_and_the_page(tiny, small_copy, tmp_path, run):
    found = run("synth", "report", tiny, small_copy, "--out", tmp_path / "card", "--json")
    assert found.exit_code == 1  # few are held out of a tiny city
    figure = next(one for one in json.loads(found.stdout)["figures"] if one["name"] == "closer_to_learned")
    assert figure["verdict"] == "not judged"
    assert figure["attack"]["tries"] > 0 and 0.1 < figure["attack"]["seen_from"] < 1
    html = (tmp_path / "card" / "card.html").read_text(encoding="utf-8")
    for words in ("seen from", "可发现的最小风险", figure["en"].partition(": ")[2], figure["zh"].partition("：")[2]):
        assert words in html
