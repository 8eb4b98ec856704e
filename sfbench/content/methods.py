"""Loads bench methods: Python files (`METHOD`, `answer(con, card)`) and SQL files (a head, one query)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sfbench.content.files import listing
from sfbench.content.modules import load
from sfbench.content.sql_head import named_parameters, sql_head
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
    """The method of that name, or of a path to a `.py` or `.sql`. Raises SfbenchError if there is none that loads."""
    known = listing("bench_methods", extra)
    path = Path(name) if name.endswith((".py", ".sql")) else known.get(name)
    if path is None or not path.is_file():
        raise SfbenchError(f"unknown method {name!r}", where="--method", fix=did_you_mean(name, known))
    spec, answer = _sql(path) if path.suffix == ".sql" else _python(path)
    return MethodContent(dataclasses.replace(spec, name=path.stem, where=str(path)), answer)


def _python(path: Path) -> tuple[Method, Callable[..., Any]]:
    module = load("method", path.stem, path)
    spec, answer = getattr(module, "METHOD", None), getattr(module, "answer", None)
    if not isinstance(spec, Method) or not callable(answer):
        raise SfbenchError("the file declares no METHOD and answer(con, card)", where=str(path), fix="add both")
    return spec, answer


def _sql(path: Path) -> tuple[Method, Callable[..., Any]]:
    """The query's parameters `$first`, `$last` and `$level` come from the card; its rows are the answer."""
    head, text = sql_head(path, "method", ("zh", "en", "task", "source"), ("source_zh", "question", "naive"))
    spec = Method(**{key: value for key, value in head.items() if key != "naive"}, naive=head.get("naive") == "yes")

    def answer(con: Any, card: Any) -> Any:
        given = {name: getattr(card, name) for name in named_parameters(text)}
        return con.sql(text, params=given).to_arrow_table()

    return spec, answer
