"""`--help` speaks Chinese under SFBENCH_LANG=zh, and every help text has its words."""

import os
import subprocess
import sys

import pytest
import typer

from sfbench.cli.app import app
from sfbench.cli.help_words import chinese, texts

HAN = {chr(number) for number in range(0x4E00, 0xA000)}
# Lists of names, which are the same in Chinese.
NO_WORDS = ["csv dat xlsx jsonl parquet arrow duckdb sqlite postgres-sql mysql-sql postgres delta iceberg。"]
RUN = [sys.executable, "-c", "from sfbench.cli import main; main()"]


def shown(lang, *words):
    environment = os.environ | {"SFBENCH_LANG": lang, "COLUMNS": "80"}
    done = subprocess.run([*RUN, *words], env=environment, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_help_text_has_chinese_words_and_no_words_are_left_over():
    """Who changes a help text changes its row of sfbench/cli/help_zh.csv."""
    assert set(texts(typer.main.get_command(app))) == chinese().keys()
    assert [words for words in chinese().values() if not any(letter in HAN for letter in words)] == NO_WORDS


@pytest.mark.parametrize(
    "words, said",
    [((), "从`sfbenchdemo`开始"), (("generate",), "按情景生成数据集。"), (("bench", "run"), "并与已知的真值比较评分")],
)
def test_help_is_in_the_language_of_the_environment(words, said):
    assert said in shown("zh", *words, "--help").replace("\n", "").replace(" ", "")
    assert said not in shown("en", *words, "--help")


@pytest.mark.parametrize("words", [(), ("generate",), ("describe",), ("bench", "run")])
def test_no_word_of_clicks_own_stays_english(words):
    page = shown("zh", *words, "--help")
    assert "用法：" in page and "选项：" in page
    for english in (
        "Usage",
        "Options:",
        "Arguments:",
        "Commands:",
        "required",
        "default:",
        "env var",
        "completion for",
    ):
        assert english not in page


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("words", [(), ("evaluate",), ("bench",), ("bench", "run")])
def test_the_short_name_of_help_works_in_both_languages(lang, words):
    assert shown(lang, *words, "-h") == shown(lang, *words, "--help")
    assert "--help, -h" in " ".join(shown(lang, *words, "-h").replace("-h, --help", "--help, -h").split())


def test_what_a_verb_prints_is_the_same_but_for_the_language():
    assert shown("zh", "list", "tables", "--json") == shown("en", "list", "tables", "--json")
