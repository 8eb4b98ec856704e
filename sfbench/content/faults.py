"""Loads fault files: a declaration `FAULT` and the functions `plant` and, if it has decoys, `decoy`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from sfbench.content.files import listing
from sfbench.content.modules import load
from sfbench.content.words import unknown_words
from sfbench.errors import SfbenchError, raise_all
from sfbench.spec import Fault
from sfbench.spec.column import Kind
from sfbench.spec.fault import Ask, At, Level, Severity


@dataclasses.dataclass(frozen=True, slots=True)
class FaultContent:
    """A fault with the functions of its file.

    `plant(rows, wish, draw) -> Planted`; `decoy(rows, wish, draw) -> bool array`: sound rows that look like the fault.
    """

    spec: Fault
    plant: Callable[..., Any]
    decoy: Callable[..., Any] | None


def faults(extra: tuple[Path, ...] = ()) -> dict[str, FaultContent]:
    """Every fault by name."""
    return _faults(tuple(extra))


@cache
def _faults(extra: tuple[Path, ...]) -> dict[str, FaultContent]:
    errors: list[SfbenchError] = []
    found: dict[str, FaultContent] = {}
    for name, path in listing("faults", extra).items():
        try:
            found[name] = _fault(name, path)
        except SfbenchError as error:
            errors.append(error)
    raise_all(errors)
    return found


def _fault(name: str, path: Path) -> FaultContent:
    module = load("fault", name, path)
    fault = getattr(module, "FAULT", None)
    if not isinstance(fault, Fault):
        raise SfbenchError("the file declares no FAULT", where=str(path), fix="see `sfbench new fault` for the shape")
    if not callable(getattr(module, "plant", None)):
        raise SfbenchError("a fault needs a function 'plant'", where=str(path), fix="see `sfbench new fault`")
    if len(set(fault.mechanisms)) != 2:
        raise SfbenchError("a fault has two different mechanisms", where=str(path), fix="name both")
    if bool(fault.columns) != bool(fault.kinds) or fault.columns < 0:
        why = f"columns={fault.columns}, kinds={fault.kinds}"
        raise SfbenchError("`kinds` says of which kinds the columns of a wish are", where=str(path), why=why)
    raise_all(
        unknown_words(
            str(path),
            level=([fault.level], Level),
            severity=([fault.severity], Severity),
            kinds=(fault.kinds, Kind),
            asks=(fault.asks, Ask),
            at=(fault.at, At),
        )
    )
    whole = dataclasses.replace(fault, name=name, where=str(path))
    return FaultContent(whole, module.plant, getattr(module, "decoy", None))
