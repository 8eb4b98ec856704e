"""Errors in Chinese: every message of the code has its words, and they keep its names, options and commands."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sfbench
from sfbench.cli.app import app
from sfbench.error_words import describe, in_chinese
from sfbench.errors import SfbenchError, did_you_mean

PACKAGE = Path(sfbench.__file__).parent
KEYED = ("wrong", "_wrong")  # methods whose first word is a key, and no message
RAISED = (
    "SfbenchError",
    "Damaged",
    "NotAssessable",
    "_differs",
    "QueryError",
    "error",
    "_error",
    "problem",
    "no_answer",
    *KEYED,
)  # classes and collectors


def _texts(node: ast.expr | None) -> list[str]:
    """The texts that an expression may give, with {} for what is known at run time alone."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(part.value if isinstance(part, ast.Constant) else "{}" for part in parts)]
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _texts(left) or _texts(right):
            return [a + b for a in _texts(left) or ["{}"] for b in _texts(right) or ["{}"]]
        case ast.IfExp(body=body, orelse=other):
            return _texts(body) + _texts(other)
        case ast.BoolOp(values=parts):
            return [text for part in parts for text in _texts(part)]
        case ast.Subscript(value=value):
            return _texts(value)
    return []


def _assigned(function: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                    yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))


def _messages() -> dict[str, str]:
    """Template of a message -> where it is."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))):
            names = list(_assigned(function))
            for node in ast.walk(function):
                if not isinstance(node, ast.Call):
                    continue
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called not in RAISED:
                    continue
                given_first = 1 if called in KEYED else 0
                said = [*node.args[given_first:], *(k.value for k in node.keywords if k.arg in ("what", "why", "fix"))]
                for value in said:
                    given = [v for name, v in names if name == value.id] if isinstance(value, ast.Name) else [value]
                    found |= {text: f"{path}:{node.lineno}" for one in given for text in _texts(one)}
    return {text: where for text, where in found.items() if re.search("[A-Za-z]{2}", text.replace("{}", ""))}


MESSAGES = _messages()


def _filled(template: str) -> str:
    """A message of the template, with other names in each place."""
    names = iter(f"'{letter}x7'" for letter in "abcdefgh")
    return re.sub(r"\{\}", lambda _: next(names), template)


def test_the_code_has_hundreds_of_messages():
    assert len(MESSAGES) > 600


@pytest.mark.parametrize("template", sorted(MESSAGES))
def test_a_message_has_chinese_words_that_keep_its_names_and_commands(template):
    text = _filled(template)
    said = in_chinese(text)
    commands = re.findall(r"--[a-z-]{2,}|`sfbench [a-z -]+`|sfbench\[[\w{}-]+\]|'[a-h]x7'", text)
    assert [word for word in commands if word not in said] == []
    if template.startswith(("pip install", "cut: ", "columns=")):  # a command, a line of a file, a value
        return
    assert re.search("[\u4e00-\u9fff]", said), f"{MESSAGES[template]}: add a line to sfbench/errors_zh.csv"


def test_no_line_of_the_file_is_for_a_message_that_is_gone():
    with (PACKAGE / "errors_zh.csv").open(encoding="utf-8", newline="") as lines:
        kept = {row["en"] for row in csv.DictReader(lines)}
    assert kept - set(MESSAGES) == {"did you mean {}?", "known: {}"} - set(MESSAGES)


def test_an_error_says_where_why_and_what_to_do():
    error = SfbenchError("no metric 'tech_laon'", where="--metric", fix=did_you_mean("tech_laon", ["tech_loan"]))
    assert describe(error, "zh") == "--metric：没有指标'tech_laon'\n  处理：是否指'tech_loan'？"
    assert describe(error, "en") == str(error)


@pytest.mark.parametrize(
    ("near", "said"), [("did you mean 'loan'?", "是否指'loan'？"), ("known: fund, loan", "可用：fund, loan")]
)
def test_a_message_within_another_is_said_in_chinese_too(near, said):
    text = f"{near} (name the file after its table, or add --table NAME)"
    assert in_chinese(text) == f"{said}（请以表名为文件名，或加--table NAME）"


def test_what_another_program_says_stays():
    error = SfbenchError("the file cannot be read", why="[Errno 13] Permission denied")
    assert describe(error, "zh") == "无法读取文件\n  原因：[Errno 13] Permission denied"


@pytest.mark.parametrize(("words", "env"), [(["--lang", "zh"], {}), ([], {"SFBENCH_LANG": "zh"})])
def test_a_verb_errs_in_the_language_that_is_asked(tmp_path, words, env):
    result = CliRunner().invoke(app, ["describe", "no_such_thing", *words], env=env)
    assert result.exit_code == 2
    assert result.stderr == "错误：没有名为'no_such_thing'的对象\n  处理：`sfbench list`列出全部名称\n"


def test_a_verb_without_the_option_errs_in_the_language_of_the_environment(tmp_path):
    result = CliRunner().invoke(app, ["verify", str(tmp_path / "none")], env={"SFBENCH_LANG": "zh"})
    assert result.exit_code == 2
    assert "错误：" in result.stderr and "处理：" in result.stderr


def test_a_list_of_units_gives_the_reason_of_each_in_chinese():
    lacking = "4: missing: growth; 1: no baseline or reference to normalise by: growth"
    error = SfbenchError("no unit can be assessed", why=f"{lacking}; plan: in no table: give --qualitative FILE")
    units = "4：数据缺失：growth；1：缺少标准化所需的基准：growth"
    assert describe(error, "zh").endswith(f"原因：{units}；plan：没有数据表记载，请给出--qualitative FILE")


def test_a_date_that_is_none_is_told_without_the_words_of_python():
    result = CliRunner().invoke(app, ["evaluate", "d", "--as-of", "foo", "--lang", "zh"])
    assert result.stderr == "错误：--as-of：'foo'不是日期\n  处理：请写成2025-12-31的形式\n"
