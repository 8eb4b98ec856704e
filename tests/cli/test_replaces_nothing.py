"""No verb replaces a file that is there without `--force`; a build server's XML alone is written anew each time."""

import pytest
import typer

from sfbench.cli.app import app

# What names a place to write to. `--problems` goes with `--out`, `--junit` is the exception below.
PLACES = {"--out", "--html", "--write"}
# They add to a folder of their own, or replace only what they wrote there (`demo.json`).
RESUMED = {"bench run", "bench pose", "bench score", "demo"}


def verbs(command, name=""):
    """Every verb with its options."""
    if not hasattr(command, "commands"):
        return {name: {flag for option in command.params for flag in option.opts}}
    found = {}
    for word, one in command.commands.items():
        found |= verbs(one, f"{name} {word}".strip())
    return found


def test_every_verb_that_writes_a_file_knows_force():
    writing = {name: flags for name, flags in verbs(typer.main.get_command(app)).items() if flags & PLACES}
    assert {"synth fit", "bench board", "realism", "validate", "report"} <= writing.keys()
    assert {name for name, flags in writing.items() if "--force" not in flags} == RESUMED


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["synth", "fit", "CITY", "--tables", "enterprise", "--method", "independent", "--out", "PLACE"], "model.zip"),
        (["synth", "detect", "CITY", "--out", "PLACE"], "metadata.json"),
        (["synth", "report", "CITY", "CITY", "--out", "FOLDER"], "card.json"),
        (["synth", "report", "CITY", "CITY", "--out", "FOLDER"], "card.html"),
        (["synth", "frontier", "card.json", "--out", "PLACE"], "frontier.html"),
        (["bench", "board", "FOLDER", "--out", "PLACE"], "board.html"),
        (["bench", "certify", "s35_met_anyway", "--out", "FOLDER", "--write", "PLACE"], "certificate.json"),
        (["realism", "CITY", "--check", "tails", "--out", "FOLDER"], "tails.png"),
        (["realism", "CITY", "--out", "FOLDER"], "tails.png"),
        (["validate", "CITY", "--suite", "month", "--html", "PLACE"], "quality.html"),
    ],
)
def test_a_users_file_of_that_name_is_still_there(words, name, refused, tiny, tmp_path):
    place = tmp_path / name
    place.write_text("mine", encoding="utf-8")
    places = {"CITY": tiny, "PLACE": place, "FOLDER": tmp_path}
    refused(*(places.get(word, word) for word in words), says=[str(place), "the file exists", "add --force"])
    assert place.read_text(encoding="utf-8") == "mine" and [*tmp_path.iterdir()] == [place]


@pytest.mark.parametrize(
    ("words", "starts"),
    [
        (["synth", "fit", "CITY", "--tables", "enterprise", "--method", "independent", "--out", "PLACE"], b"PK"),
        (["synth", "detect", "CITY", "--out", "PLACE"], b"{"),
        (["validate", "CITY", "--suite", "month", "--html", "PLACE"], b"<!doctype html>"),
    ],
)
def test_it_is_replaced_by_force(words, starts, run, tiny, tmp_path):
    place = tmp_path / "file"
    place.write_text("mine", encoding="utf-8")
    places = {"CITY": tiny, "PLACE": place}
    assert run(*(places.get(word, word) for word in words), "--force").exit_code == 0
    assert place.read_bytes().startswith(starts)


def test_a_build_server_gets_its_file_each_time(run, tiny, tmp_path):
    junit = tmp_path / "quality.xml"
    for _ in range(2):
        assert run("validate", tiny, "--suite", "month", "--junit", junit).exit_code == 0
    assert junit.read_text(encoding="utf-8").startswith("<?xml")


def test_a_folder_with_a_users_own_files_takes_what_a_verb_writes(run, tiny, tmp_path):
    """What is refused is to replace, not to write beside."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    words = ("realism", tiny, "--check", "tails", "--out", tmp_path)
    assert run(*words).exit_code in (0, 1) and (tmp_path / "tails.png").is_file()
    assert run(*words).exit_code == 2 and run(*words, "--force").exit_code in (0, 1)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "words",
    [
        ["synth", "fit", "CITY", "--tables", "enterprise", "--method", "independent", "--out", "PLACE"],
        ["synth", "report", "CITY", "CITY", "--out", "FILE"],
        ["synth", "report", "CITY", "CITY", "--out", "PLACE"],
        ["realism", "CITY", "--check", "tails", "--out", "FILE"],
        ["realism", "CITY", "--check", "tails", "--out", "PLACE"],
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_place_under_a_file_is_refused_before_anything_is_computed(words, lang, refused, tiny, tmp_path, monkeypatch):
    """Some said so after minutes, some ended as an internal error."""
    monkeypatch.setattr("sfbench.synth.source.read", None)
    monkeypatch.setattr("sfbench.realism.realism", None)
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    places = {"CITY": tiny, "FILE": file, "PLACE": file / "one"}
    says = ["this is a file", "the output folder cannot be written"]
    text = refused(*(places.get(word, word) for word in words), "--lang", lang, says=[str(file)])
    assert lang == "zh" or any(word in text for word in says)
    assert file.read_text(encoding="utf-8") == "mine"
