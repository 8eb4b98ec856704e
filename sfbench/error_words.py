"""Errors in Chinese: `errors_zh.csv` holds the messages as templates, in which {} stands for a name or a number.

A test compares the file with every message in the code. What other programs say (`str(error)` of the system, DuckDB,
YAML) stays as they say it.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.words import Language, reason

_FILE = Path(__file__).with_name("errors_zh.csv")
_NAMED = re.compile(r"('[^']*') ((?:must|has|leaves|names) .*)", re.DOTALL)  # an option, and what is wrong with it
_WITHIN = ("did you mean ", "known: ")  # messages that stand within others


def describe(error: SfbenchError, lang: Language) -> str:
    """What, where, why and what to do, as `str(error)` says it in English."""
    if lang == "en":
        return str(error)
    what = in_chinese(error.what)
    lines = [f"{error.where}：{what}" if error.where else what]
    lines += [f"  原因：{_listed(in_chinese(error.why))}"] if error.why else []
    lines += [f"  处理：{in_chinese(error.fix)}"] if error.fix else []
    return "\n".join(lines)


def in_chinese(text: str) -> str:
    """The words of the template that says most of a message; the message itself where there is none."""
    if (named := _NAMED.fullmatch(text)) and (rest := in_chinese(named[2])) != named[2]:
        return f"{named[1]}{rest}"
    for template, zh in _templates():
        if found := template.fullmatch(text):
            return zh.format(*(in_chinese(one) if one.startswith(_WITHIN) else one for one in found.groups()))
    return text


def _listed(text: str) -> str:
    """A list of names with the reason of each, `4: missing: growth; plan: no data`, with its reasons in Chinese."""
    parts = [part.partition(": ") for part in text.split("; ")]
    said = [f"{name}：{reason('zh', why)}" for name, _, why in parts]
    known = any(reason("zh", why) != why for _, _, why in parts)
    return "；".join(said) if known and all(sign for _, sign, _ in parts) else text


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Those with the longest words first: `no metric {}` comes before `no {}`."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: -len(row["en"].replace("{}", "")))
    return [(_pattern(row["en"]), _safe(row["zh"])) for row in rows]


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, template.split("{}"))), re.DOTALL)


def _safe(zh: str) -> str:
    """Braces other than those of places, as in {batch}, stand for themselves."""
    return re.sub(r"\{(?!\d?\})([^{}]*)\}", r"{{\1}}", zh)
