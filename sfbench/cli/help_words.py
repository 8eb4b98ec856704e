"""`--help` in Chinese, under SFBENCH_LANG=zh: `help_zh.csv` holds the help texts; a test compares it with the code."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import typer

_FILE = Path(__file__).with_name("help_zh.csv")
_WIDTH = 42  # characters of a line, each two columns wide
_CLICK = (
    ("^Usage: ", "用法："),
    ("^Arguments:$", "参数："),
    ("^Options:$", "选项："),
    ("^Commands:$", "命令："),
    (r"\[required\]", "[必填]"),
    (r"\[env\s+var:", "[环境变量："),
    (r"\[default:", "[默认："),
    (r";\s+default:", "；默认："),
)
_EDGE = re.compile(r"(?<=[\u2e80-\uff07\uff09-\uffef])(?=[!-~])|(?<=[!-~])(?=[\u4e00-\u9fff])")  # of Chinese and Latin


@cache
def chinese() -> dict[str, str]:
    """English help text, on one line -> Chinese."""
    with _FILE.open(encoding="utf-8", newline="") as source:
        return {row["en"]: row["zh"] for row in csv.DictReader(source)}


def in_chinese(command: Any) -> Any:
    """The command, or a group with all that it holds, with its help in Chinese; what has no words stays English."""
    parts = [_shown(part) for part in _paragraphs(command)]
    command.help, command.short_help = "\n\n".join(parts), parts[0] if parts else None
    command.epilog = _shown(command.epilog) if command.epilog else None
    command.context_settings = {**command.context_settings, "terminal_width": _WIDTH}
    for parameter in command.get_params(_context(command)):
        if getattr(parameter, "help", None):
            parameter.help = _shown(parameter.help)
    command.get_help = partial(_headed, command.get_help)
    for below in getattr(command, "commands", {}).values():
        in_chinese(below)
    return command


def _headed(shown: Callable[[Any], str], context: Any) -> str:
    """A help page with Click's own words in Chinese, which it has in no file of ours."""
    page = shown(context)
    for words, chinese_words in _CLICK:
        page = re.sub(words, chinese_words, page, flags=re.MULTILINE)
    return page


def texts(command: Any) -> Iterator[str]:
    """The help texts of a command, or of a group and all that it holds."""
    yield from _paragraphs(command)
    if command.epilog:
        yield command.epilog
    for one in command.get_params(_context(command)):
        if getattr(one, "help", None):
            yield " ".join(one.help.split())
    for below in getattr(command, "commands", {}).values():
        yield from texts(below)


def _context(command: Any) -> typer.Context:
    """One with the names of the help option that the command has in use: Click keeps the option that it makes first."""
    from sfbench.cli.app import HELP_NAMES

    return typer.Context(command, help_option_names=HELP_NAMES)


def _paragraphs(command: Any) -> list[str]:
    return [" ".join(part.split()) for part in (command.help or "").split("\n\n") if part.strip()]


def _shown(text: str) -> str:
    """With blanks where Click may break a line: it knows no others, and would break names in the middle."""
    words = " ".join(text.split())
    return _EDGE.sub(" ", chinese()[words]) if words in chinese() else words


def whole(app: typer.Typer) -> Any:
    """The application's command, in Chinese."""
    return in_chinese(typer.main.get_command(app))
