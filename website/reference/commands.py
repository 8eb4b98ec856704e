"""The command line: every verb with its arguments and options, as `--help` shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from sfbench.cli.app import app
from website.reference.markdown import code, fence, table
from website.reference.places import COMMANDS


def pages() -> dict[str, str]:
    """One page."""
    head = (
        "# Command line\n\n`sfbench VERB --help` prints the same. Exit codes: 0 fine, 1 findings, 2 usage or bad "
        "input, 3 internal error, 130 stopped by Ctrl-C. Defaults may stand in a file: "
        "[settings](../how-to/settings.md).\n\n"
    )
    return {COMMANDS: head + "".join(_verb(path, command) for path, command in verbs())}


def verbs() -> Iterator[tuple[str, Any]]:
    """(words of the verb, its command) of all commands that do something, groups flattened."""
    yield from _below("sfbench", typer.main.get_command(app))


def _below(path: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _below(f"{path} {name}", command)
        else:
            yield f"{path} {name}", command


def _verb(path: str, command: Any) -> str:
    context = typer.Context(command, info_name=path)
    usage = " ".join(command.collect_usage_pieces(context))
    rows = [_option(one, context) for one in command.get_params(context)]
    words = "".join(f"{' '.join(part.split())}\n\n" for part in (command.help or "").split("\n\n"))
    name = path.removeprefix("sfbench ")
    return (
        f"## {name} {{ #{name.replace(' ', '-')} }}\n\n{_shown(words)}"
        + fence(f"{path} {usage}", "text")
        + table(("argument or option", "what"), rows)
    )


def _shown(words: str) -> str:
    pieces = words.split("`")
    return "".join(f"`{piece}`" if n % 2 else piece.replace("<", "&lt;") for n, piece in enumerate(pieces))


def _option(one: Any, context: Any) -> tuple[str, str]:
    """What `--help` shows of an argument or option; of one without a line there, how it is called."""
    name, words = one.get_help_record(context) or (one.display_name_raw, "")
    return code(name), _shown(" ".join(words.split()).replace("|", "\\|").replace("*", "\\*"))
