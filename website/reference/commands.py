"""The command line in both languages: every verb with its arguments and options, as `--help` shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from sfbench.cli.app import app
from sfbench.cli.help_words import chinese
from sfbench.words import Language, pick
from website.reference.markdown import code, fence, table, words
from website.reference.places import COMMANDS, COMMANDS_ZH

_EXTRA = re.compile(r"  \[[^\[\]]*\]$")  # what Click puts behind a help text: the default, the range
_EXTRA_ZH = {"default: ": "默认：", "env var: ": "环境变量：", "required": "必填", "; ": "；"}
_HEAD = (
    "# Command line\n\n[中文](cli.zh.md)\n\n`sfbench VERB --help` prints the same. Exit codes: 0 fine, 1 findings, "
    "2 usage or bad input, 3 internal error, 130 stopped by Ctrl-C. Defaults may stand in a file: "
    "[settings](../how-to/settings.md).\n\n"
)
_HEAD_ZH = (
    "# 命令行\n\n[English](cli.md)\n\n`sfbench VERB --help`给出同样的内容（`SFBENCH_LANG=zh`时为中文）。退出码：0正常，"
    "1有发现，2用法或输入有误，3内部错误，130被Ctrl-C中断。默认值可写入文件：[设置](../how-to/settings.md)。\n\n"
)


def pages() -> dict[str, str]:
    """One page a language."""
    english = _HEAD + "".join(_verb(path, command, "en") for path, command in verbs())
    return {COMMANDS: english, COMMANDS_ZH: _HEAD_ZH + "".join(_verb(path, one, "zh") for path, one in verbs())}


def verbs() -> Iterator[tuple[str, Any]]:
    """(words of the verb, its command) of all commands that do something, groups flattened."""
    yield from _below("sfbench", typer.main.get_command(app))


def _below(path: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _below(f"{path} {name}", command)
        else:
            yield f"{path} {name}", command


def _verb(path: str, command: Any, lang: Language) -> str:
    context = typer.Context(command, info_name=path)
    usage = " ".join(command.collect_usage_pieces(context))
    rows = [_option(one, context, lang) for one in command.get_params(context)]
    about = "".join(f"{_said(part, lang)}\n\n" for part in (command.help or "").split("\n\n"))
    name = path.removeprefix("sfbench ")
    heads = (pick(lang, "argument or option", "参数或选项"), pick(lang, "what", "说明"))
    return f"## {name} {{ #{name.replace(' ', '-')} }}\n\n{about}{fence(f'{path} {usage}', 'text')}{table(heads, rows)}"


def _said(text: str, lang: Language) -> str:
    """A help text in the language, as Markdown; a test holds that none lacks its Chinese words."""
    said = " ".join(text.split())
    if lang == "zh":
        said = chinese().get(said, said)
    return words(said)


def _option(one: Any, context: Any, lang: Language) -> tuple[str, str]:
    """What `--help` shows of an argument or option; of one without a line there, how it is called."""
    name, shown = one.get_help_record(context) or (one.display_name_raw, "")
    extra = found[0].strip() if (found := _EXTRA.search(shown)) else ""
    for english, other in _EXTRA_ZH.items() if lang == "zh" else ():
        extra = extra.replace(english, other)
    help_text = getattr(one, "help", None) or ""
    return code(name), f"{_said(help_text, lang)} {words(extra)}".strip()
