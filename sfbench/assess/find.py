"""Methods by name or by file."""

from __future__ import annotations

from pathlib import Path

from sfbench.assess.read import read_method
from sfbench.assess.spec import Method
from sfbench.content.files import listing
from sfbench.errors import SfbenchError, did_you_mean


def method_files(extra: tuple[Path, ...] = ()) -> dict[str, Path]:
    """Name -> file of every method, built-in and of the user's content folders."""
    return listing("methods", extra)


def find_method(name: str, extra: tuple[Path, ...] = ()) -> Method:
    """The method of that name, or of a path that ends in `.yaml`. Raises SfbenchError."""
    if name.endswith((".yaml", ".yml")):
        return read_method(Path(name))
    known = method_files(extra)
    if name not in known:
        fix = did_you_mean(name, known)
        raise SfbenchError(f"no method {name!r}", where="--method", fix=fix or "`sfbench list methods`")
    return read_method(known[name])
