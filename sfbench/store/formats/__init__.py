"""Export formats: one file per format, found by listing this folder; the file name is the format's name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.store.formats._format import Format, Wishes
from sfbench.store.formats._source import Source

__all__ = ["Format", "Source", "Wishes", "find", "names"]


@cache
def names() -> tuple[str, ...]:
    """The formats that there are."""
    files = sorted(Path(__file__).parent.glob("[!_]*.py"))
    return tuple(path.stem.replace("_", "-") for path in files)


def find(name: str) -> Format:
    """The format of that name; its library is imported when it writes. Raises SfbenchError for an unknown one."""
    if name not in names():
        raise SfbenchError(f"no format {name!r}", where="--format", fix=did_you_mean(name, names()))
    found: Format = import_module(f"{__name__}.{name.replace('-', '_')}").FORMAT
    return found
