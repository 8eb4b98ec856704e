"""Modules that another package imports at its start and hardly ever uses, imported when they are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module in whoever imported it; what is asked of it is asked of the module."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def later(*names: str) -> Iterator[None]:
    """While open, modules of these names that are not there yet are imported in name only.

    Afterwards an import of them is an ordinary one. `importlib.util.LazyLoader` is of no use here: in Python 3.11
    the import statement itself looks into a module that it finds, and that makes it load.
    """
    names = tuple(name for name in names if name not in sys.modules)
    sys.modules.update({name: _Later(name) for name in names})
    try:
        yield
    finally:
        for name in names:
            if isinstance(sys.modules.get(name), _Later):
                del sys.modules[name]
