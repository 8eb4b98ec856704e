"""Errors of usage: what Click says of a command line, in the language asked for, without words of the library below.

Typer lets pydantic judge values, whose sentences ("Value error, ...") are for programmers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from sfbench.cli.failure import BAD_INPUT, language
from sfbench.error_words import in_chinese
from sfbench.errors import did_you_mean
from sfbench.words import Language, pick

_LANG = "sfbench.lang"
_USAGE: Any = typer.BadParameter.__mro__[1]  # UsageError, to which Typer has no public way
# pydantic's words -> what to say, and what to do.
_VALUES = (
    (r"Value error, (.*)", r"\1", ""),
    (r"Input should be a valid integer.*", "not a whole number", "give a whole number"),
    (r"Input should be a valid number.*", "not a number", "give a number"),
    (r"Input should be greater than or equal to (\S+)", "outside its bounds", r"give \1 or more"),
    (r"Input should be less than or equal to (\S+)", "outside its bounds", r"give \1 or less"),
)
# Click's words, which hold no dot within a name, and in Chinese.
_CHINESE = (
    (r"(.*?) \(env var: (.*?)\)(.*)", r"\1（环境变量\2）\3"),
    (r"Missing argument '(.*?)'\.?(.*)", r"缺少参数'\1'\2"),
    (r"Missing option '(.*?)'\.?(.*)", r"缺少选项'\1'\2"),
    (r"No such option: (\S+) \(Possible options: (.*)\)", r"没有选项\1（近似的有：\2）"),
    (r"No such option: (\S+)(?: Did you mean (.*)\?)?", r"没有选项\1"),
    (r"No such command '(.*?)'\. Did you mean (.*)\?", r"没有命令'\1'，是否指\2？"),
    (r"No such command '(.*?)'\.", r"没有命令'\1'"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", r"多余的参数：\1"),
    (r"Option '(.*?)' requires (?:an argument|\d+ arguments)\.", r"选项'\1'须带取值"),
    (r"Option '(.*?)' does not take a value\.", r"选项'\1'不带取值"),
    (r"Missing command\.", "缺少命令"),
    (r"Invalid value for (.*?): (.*)", r"\1的取值无效：\2"),
    (r"Invalid value: (.*)", r"取值无效：\1"),
    (r"(.*)('[^']*') is not one of (.*)\.", r"\1\2不在\3之中"),
    (r"(.*)not a whole number", r"\1不是整数"),
    (r"(.*)not a number", r"\1不是数值"),
    (r"(.*)outside its bounds", r"\1超出范围"),
)
_REMEDIES = (
    (r"give a whole number", "请给出整数"),
    (r"give a number", "请给出数值"),
    (r"give (\S+) or more", r"请给出不小于\1的数"),
    (r"give (\S+) or less", r"请给出不大于\1的数"),
)


class Group(TyperGroup):
    """The application's group; what is wrong with a command line, or with that of a verb, is told by `explained`."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """As Click does it."""
        lang = _asked(args)
        with _told(lang):
            context = super().make_context(info_name, args, parent, **extra)
        context.meta[_LANG] = lang
        return context

    def invoke(self, ctx: Any) -> Any:
        """As Click does it."""
        with _told(ctx.meta.get(_LANG, "en")):
            return super().invoke(ctx)


def explained(message: str, lang: Language) -> str:
    """Click's message with pydantic's words put right, and what to do where a value is wrong."""
    fix = ""
    for pattern, words, remedy in _VALUES:
        if found := re.search(pattern + "$", message):
            message, fix = message[: found.start()] + found.expand(words), found.expand(remedy)
            break
    if found := re.search(r"'([^']*)' is not one of (.*)\.$", message):
        fix = did_you_mean(found[1], re.findall(r"'([^']*)'", found[2]))
    if lang == "zh":
        message, fix = _put(_CHINESE, message), in_chinese(_put(_REMEDIES, fix))
    return pick(lang, "Error: ", "错误：") + message + (f"\n  {pick(lang, 'do:  ', '处理：')}{fix}" if fix else "")


def _put(words: Sequence[tuple[str, str]], text: str) -> str:
    """The text with every pattern that fits the whole of it put into its words, one after the other."""
    for pattern, other in words:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            text = found.expand(other)
    return text


def _asked(args: Sequence[str]) -> Language:
    """The language of a command line that may be wrong: that of --lang, if it says one that there is."""
    words = [*args, ""]
    for place, word in enumerate(args):
        said = word.removeprefix("--lang=") if word != "--lang" else words[place + 1]
        if word.startswith("--lang") and said in ("en", "zh"):
            return "zh" if said == "zh" else "en"
    return language()


@contextmanager
def _told(lang: Language) -> Iterator[None]:
    try:
        yield
    except _USAGE as error:
        context = getattr(error, "ctx", None)
        if type(error).__name__ == "NoArgsIsHelpError":
            raise  # the help itself
        if context is not None:
            print(_usage(context, lang), file=sys.stderr)
        print(explained(error.format_message(), lang), file=sys.stderr)
        raise typer.Exit(BAD_INPUT) from None


def _usage(context: Any, lang: Language) -> str:
    command = f"'{context.command_path} {context.help_option_names[0]}'"
    usage = context.get_usage()
    if lang == "zh":
        return f"{usage.replace('Usage: ', '用法：', 1)}\n可用{command}查看帮助。\n"
    return f"{usage}\nTry {command} for help.\n"
