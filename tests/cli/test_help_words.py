"""Help in Chinese: every verb and option has its words, which keep options, commands and file names."""

from __future__ import annotations

import re

import pytest
import typer
from click.testing import CliRunner

from sfbench.cli.app import app, command
from sfbench.cli.help_words import _words, in_chinese


def _texts(of):
    texts = [of.help, of.epilog, *(getattr(parameter, "help", None) for parameter in of.params)]
    return {text for text in texts if text} | {
        text for verb in getattr(of, "commands", {}).values() for text in _texts(verb)
    }


TEXTS = _texts(typer.main.get_command(app))


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_a_text_of_the_help_has_chinese_words_that_keep_its_options_and_commands(text):
    said = _words()[text]
    kept = re.findall(r"--[a-z-]{2,}|`[^`]+`|(?<![\w/.*])\.[a-z]{2,8}\b|OUT/[\w*/<>.]+\w|\b\d[\d.-]+\d\b", text)
    assert [word for word in kept if word not in said] == []
    if re.search("[a-z]{3} [a-z]{2,}", text.replace("csv dat xlsx jsonl", "")):  # more than a list of names
        assert re.search("[\u4e00-\u9fff]", said)


def test_the_file_has_no_words_for_a_text_that_is_gone():
    assert set(_words()) == TEXTS


def test_the_help_is_in_the_language_of_the_environment(monkeypatch):
    monkeypatch.setenv("SFBENCH_LANG", "zh")
    shown = CliRunner().invoke(command(), ["generate", "--help"]).output
    assert "按情景生成数据集" in shown and "不小于0的整数" in shown
    assert "按情景生成数据集" in CliRunner().invoke(command(), ["--help"]).output  # the list of verbs
    monkeypatch.setenv("SFBENCH_LANG", "en")
    assert "Make a dataset of a scenario." in CliRunner().invoke(command(), ["generate", "--help"]).output


def test_a_text_without_words_stays(monkeypatch):
    found = typer.main.get_command(app)
    found.epilog = "A remark of nobody."
    in_chinese(found)
    assert found.epilog == "A remark of nobody."
