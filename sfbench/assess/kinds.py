"""What a method may name: every kind of every step, its options with what they take, and what it does."""

from __future__ import annotations

import csv
import dataclasses
import inspect
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from sfbench.assess.options import Names, Within, options_of
from sfbench.assess.steps import KINDS

_ZH = Path(__file__).with_name("kinds_zh.csv")


def kinds() -> list[dict[str, Any]]:
    """A record per kind, in the order of the chain; `en` and `caption` are the docstring of its function."""
    with _ZH.open(encoding="utf-8", newline="") as lines:
        zh = {row["name"]: row for row in csv.DictReader(lines)}
    found = []
    for step, functions in KINDS.items():
        for kind, function in functions.items():
            en, _, more = (
                inspect.cleandoc(function.__doc__ or "").replace("\n\n", "\0").replace("\n", " ").partition("\0")
            )
            own = zh[f"{step}.{kind}"]
            words = {"zh": own["zh"], "en": en, "caption": more.replace("\0", " "), "caption_zh": own["caption_zh"]}
            takes = {name: taken(hint) for name, hint in options_of(function).items()}
            found.append({"name": f"{step}.{kind}", **words, "options": takes})
    return found


def taken(hint: Any) -> str:
    """What an option takes, as a method file writes it."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _marked(taken(parts[0]), parts[1])
    if origin is Literal:
        return " | ".join(map(str, parts))
    if origin in (typing.Union, types.UnionType):
        return " | ".join("null" if part is type(None) else taken(part) for part in parts)
    if origin is tuple:
        inner = [part for part in parts if part is not Ellipsis]
        return f"[{', '.join(taken(part) for part in inner)}{', ...' if Ellipsis in parts else ''}]"
    if origin is not None and issubclass(origin, Mapping):
        return f"{{{taken(parts[0])}: {taken(parts[1])}, ...}}"
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        return f"{{{', '.join(f'{name}: {taken(own)}' for name, own in hints.items())}}}"
    return {float: "number", int: "whole number", bool: "true | false", str: "text"}[hint]


def _marked(words: str, mark: Any) -> str:
    if isinstance(mark, Within):
        return f"{words} {mark}"
    if isinstance(mark, Names):
        named = {"scored": "scored indicator"}.get(mark.what, mark.what)
        return words.replace("text", named, 1)
    return words
