"""Ways to learn and draw tables; a file each: ABOUT and ABOUT_ZH, OPTIONS, fit(tables, options), draw(...)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.synth.learned import Learned, Tables
from sfbench.synth.parts import Parts


@dataclass(frozen=True, slots=True)
class Method:
    """One file of this folder."""

    name: str
    about: str
    about_zh: str
    options: Mapping[str, Any]  # with their defaults, whose types are kept
    fit: Callable[[Tables, Mapping[str, Any]], Parts]
    draw: Callable[[Parts, Mapping[str, int], int], dict[str, Learned]]

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The options with defaults filled in. Raises SfbenchError for an unknown one or a value of another type."""
        out = dict(self.options)
        for name, value in given.items():
            if name not in out:
                raise SfbenchError(f"{self.name} has no option {name!r}", fix=did_you_mean(name, out))
            try:
                out[name] = type(self.options[name])(value)
            except ValueError as error:
                raise SfbenchError(f"{value!r} is no {name}", where=self.name, why=str(error)) from error
            if isinstance(out[name], int | float) and out[name] <= 0:
                raise SfbenchError(f"{name} must be above 0", where=self.name)
        return out


def method_names() -> list[str]:
    """Names of all methods; those of SDV need the extra `sfbench[sdv]`."""
    return sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def method_named(name: str) -> Method:
    """The method of that name. Raises SfbenchError if there is none."""
    if name not in method_names():
        raise SfbenchError(f"no method {name!r}", where="--method", fix=did_you_mean(name, method_names()))
    module = importlib.import_module(f"sfbench.synth.methods.{name}")
    return Method(name, module.ABOUT, module.ABOUT_ZH, module.OPTIONS, module.fit, module.draw)
