"""Errors of usage are in the language asked for, say what to do, and have no words of the libraries below."""

import pytest
from typer.testing import CliRunner

from sfbench.cli.app import app

WRONG = [
    (["evaluate"], "Missing argument 'DIR'", "缺少参数'DIR'"),
    (["assess", "d"], "Missing option '--method'", "缺少选项'--method'"),
    (["evaluate", "--foo"], "No such option: --foo", "没有选项--foo"),
    (["generat"], "No such command 'generat'. Did you mean 'generate'?", "没有命令'generat'，是否指'generate'？"),
    (["bench", "qq"], "No such command 'qq'", "没有命令'qq'"),
    (["evaluate", "a", "b"], "unexpected extra argument(s) (b)", "多余的参数：b"),
    (["evaluate", "a", "--as-of"], "Option '--as-of' requires an argument", "选项'--as-of'须带取值"),
    (["evaluate", "a", "--force=3"], "'--force' does not take a value", "选项'--force'不带取值"),
    (["changes", "d", "--by", "week"], "'week' is not one of 'month', 'day'", "'week'不在'month', 'day'之中"),
    (
        ["evaluate", "d", "--lang", "fr"],
        "(env var: 'SFBENCH_LANG'): 'fr' is not",
        "（环境变量'SFBENCH_LANG'）的取值无效：",
    ),
    (["generate", "baseline", "--jobs", "x"], "'--jobs': not a whole number", "'--jobs'的取值无效：不是整数"),
    (["cache", "clear", "--unused-days", "-3"], "outside its bounds", "超出范围"),
]


@pytest.mark.parametrize(("words", "en", "zh"), WRONG)
def test_wrong_usage_is_told_in_both_languages(words, en, zh):
    for lang, said, other in (("en", en, "错误"), ("zh", zh, "Error")):
        done = CliRunner().invoke(app, words, env={"SFBENCH_LANG": lang})
        assert done.exit_code == 2 and done.stdout == ""
        assert said in done.stderr and other not in done.stderr
        assert "Value error" not in done.stderr and "Input should" not in done.stderr


@pytest.mark.parametrize(
    ("words", "en", "zh"),
    [
        (["list", "metric"], "do:  did you mean 'metrics'?", "处理：是否指'metrics'？"),
        (["changes", "d", "--by", "week"], "do:  known: day, month", "处理：可用：day, month"),
        (["generate", "baseline", "--jobs", "x"], "do:  give a whole number", "处理：请给出整数"),
        (["cache", "clear", "--unused-days", "-3"], "do:  give 0 or more", "处理：请给出不小于0的数"),
    ],
)
def test_a_wrong_value_has_a_remedy(words, en, zh):
    for lang, said in (("en", en), ("zh", zh)):
        assert said in CliRunner().invoke(app, words, env={"SFBENCH_LANG": lang}).stderr


def test_the_language_of_a_wrong_command_line_is_that_of_its_option():
    words = ["changes", "d", "--by", "week", "--lang"]
    assert "错误：" in CliRunner().invoke(app, [*words, "zh"], env={"SFBENCH_LANG": ""}).stderr
    assert "Error: " in CliRunner().invoke(app, [*words, "en"], env={"SFBENCH_LANG": "zh"}).stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_group_without_a_verb_shows_its_help(lang):
    done = CliRunner().invoke(app, ["bench"], env={"SFBENCH_LANG": lang})
    assert "certify" in done.output and "Error" not in done.output and "错误" not in done.output
