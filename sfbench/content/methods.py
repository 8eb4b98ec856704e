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

_OF_CARD = ("first", "last", "level", "anticipation")  # of a card, what a query may ask for


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
    """The query's parameters come from the card (`_OF_CARD`); its rows are the answer."""
    head, text = sql_head(path, "method", ("zh", "en", "task", "source"), ("source_zh", "question", "naive"))
    spec = Method(**{key: value for key, value in head.items() if key != "naive"}, naive=head.get("naive") == "yes")

    def answer(con: Any, card: Any) -> Any:
        odd = sorted(named_parameters(text).difference(_OF_CARD))
        if odd:
            raise SfbenchError(f"a method's query has no parameter ${odd[0]}", fix=did_you_mean(odd[0], _OF_CARD))
        found = con.sql(text, params={name: getattr(card, name) for name in named_parameters(text)})
        if found is None:
            raise SfbenchError("the query gives no rows", fix="end it with a SELECT")
        return found.to_arrow_table()

    return spec, answer
