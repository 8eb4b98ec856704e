"""Loads bench methods: a declaration `METHOD` and a function `answer(panel, card)`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sfbench.content.files import listing
from sfbench.content.modules import load
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Method


@dataclasses.dataclass(frozen=True, slots=True)
class MethodContent:
    """A method with the function of its file."""

    spec: Method
    answer: Callable[..., Any]


def method_names(extra: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """Names of the methods of the bench."""
    return tuple(listing("bench_methods", extra))


def method(name: str, extra: tuple[Path, ...] = ()) -> MethodContent:
    """The method of that name, or of a path that ends in `.py`. Raises SfbenchError if there is none that loads."""
    known = listing("bench_methods", extra)
    path = Path(name) if name.endswith(".py") else known.get(name)
    if path is None or not path.is_file():
        raise SfbenchError(f"unknown method {name!r}", where="--method", fix=did_you_mean(name, known))
    module = load("method", path.stem, path)
    spec, answer = getattr(module, "METHOD", None), getattr(module, "answer", None)
    if not isinstance(spec, Method) or not callable(answer):
        raise SfbenchError("the file declares no METHOD and answer(panel, card)", where=str(path), fix="add both")
    return MethodContent(dataclasses.replace(spec, name=path.stem, where=str(path)), answer)
