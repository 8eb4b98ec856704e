"""The checks: every module here has a `CHECK`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from sfbench.realism.check import Check


@cache
def checks() -> dict[str, Check]:
    """Every check by name."""
    found = {module.name: import_module(f"{__name__}.{module.name}").CHECK for module in iter_modules(__path__)}
    return dict(sorted(found.items()))
