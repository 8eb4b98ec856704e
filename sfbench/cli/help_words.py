"""The help of all verbs and options in Chinese (`help_zh.csv`), where SFBENCH_LANG says so."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("help_zh.csv")


def in_chinese(command: Any) -> None:
    """Puts Chinese words into a Click command, its options and its verbs. A text that the file lacks stays."""
    words = _words()
    for name in ("help", "short_help", "epilog"):
        if text := getattr(command, name, None):
            setattr(command, name, words.get(text, text))
    for parameter in command.params:
        if text := getattr(parameter, "help", None):
            parameter.help = words.get(text, text)
    for verb in getattr(command, "commands", {}).values():
        in_chinese(verb)


@cache
def _words() -> dict[str, str]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return {row["en"]: row["zh"] for row in csv.DictReader(lines)}
