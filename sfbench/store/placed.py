"""A folder of results that is written aside and moved into place whole, over nothing that sfbench did not write."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sfbench.errors import SfbenchError


def refuse_taken(out: Path, note: str, *, force: bool) -> None:
    """Return if `out` is new or empty, or may be replaced: `force`, and `note` in it shows that sfbench wrote it.

    Raises SfbenchError, before anything is computed.
    """
    where = f"--out {out}"
    if out.exists() and not out.is_dir():
        raise SfbenchError("this is a file", where=where, fix="choose a folder")
    if out.exists() and any(out.iterdir()):
        if not (out / note).is_file():
            why = "sfbench replaces only what it wrote"
            raise SfbenchError("the folder holds something else", where=where, why=why, fix="choose another folder")
        if not force:
            fix = "add --force to replace it, or choose another folder"
            raise SfbenchError("the folder holds an earlier result", where=where, fix=fix)
    refuse_homeless(out)


def refuse_homeless(out: Path) -> None:
    """Raises SfbenchError if the folder in which `out` is to stand does not exist."""
    if not out.absolute().parent.is_dir():
        raise SfbenchError("its folder does not exist", where=f"--out {out}", fix=f"make {out.parent}")


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of `out` at the end; if anything is raised, `out` is as it was."""
    place = out.absolute()
    with tempfile.TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent) as site:
        new, old = Path(site) / "new", Path(site) / "old"
        new.mkdir()
        yield new
        if place.exists():
            place.rename(old)
        try:
            new.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
