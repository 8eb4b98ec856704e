"""Files that a verb is to write: refused before anything is computed where they cannot or may not be written."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.store.unwritable import unwritable


def check_new_file(out: Path, force: bool, suffixes: tuple[str, ...] | None = None, option: str = "--out") -> None:
    """Refuses a file that cannot or may not be written, before anything is computed. Raises SfbenchError."""
    from sfbench.metrics.writers import SUFFIXES, check_suffix

    check_suffix(out, suffixes or SUFFIXES)
    keep_what_is_there(out, force, option)
    if not out.parent.is_dir():
        raise SfbenchError("its folder does not exist", where=f"{option} {out}", fix=f"make the folder {out.parent}")


def check_new_files(out: Path, names: Iterable[str], force: bool) -> None:
    """The same for files of these names in a folder, which need not be there yet. Raises SfbenchError."""
    if out.exists() and not out.is_dir():
        raise SfbenchError("this is a file", where=f"--out {out}", fix="give a folder")
    above = next(place for place in (out.absolute(), *out.absolute().parents) if place.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise unwritable(out)
    for name in names:
        keep_what_is_there(out / name, force)


def keep_what_is_there(file: Path, force: bool, option: str = "--out") -> None:
    """Refuses a file that would take the place of another, without `force`. Raises SfbenchError.

    `validate --junit` alone replaces without a word: a build server's run writes it each time.
    """
    if file.exists() and not (force and file.is_file()):
        fix = "choose another name" if file.is_dir() else "add --force to replace it, or choose another name"
        what = "this is a folder" if file.is_dir() else "the file exists"
        raise SfbenchError(what, where=f"{option} {file}", fix=fix)
