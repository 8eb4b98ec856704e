"""Puts a finished building in place of an old dataset, so that a kill at any moment loses neither.

Order: note the swap; move the old manifest, data and truth aside; move the new data and truth in; move the new
manifest in; remove the rest. Before the last move, `recover` takes all of it back; after it, `recover` only cleans up.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from sfbench.store import manifest
from sfbench.store.files import flush, write_whole

MARK = "sfbench"  # an empty file in .building that says: made by sfbench, may be removed by it
PARTS = (manifest.NAME, "data", "truth")
_NOTE, _ASIDE = "swap.json", "replaced"


def building(out: Path) -> Path:
    """The folder inside `out` in which datasets are built."""
    return out / ".building"


def swap(out: Path, folder: Path) -> None:
    """Make `folder` (inside `building(out)`, complete with its manifest, all on disk) the dataset of `out`.

    Raises OSError.
    """
    site = building(out)
    try:
        _move(out, site, folder)
    except BaseException:
        recover(out)
        raise
    _remove(site)


def recover(out: Path) -> None:
    """Undo a swap that was killed before its end, or clean up after one that was killed after it. Raises OSError."""
    site = building(out)
    if not (site / MARK).is_file() or not (site / _NOTE).is_file():
        return
    note = json.loads((site / _NOTE).read_text(encoding="utf-8"))
    folder, aside = site / note["new"], site / _ASIDE
    if not (folder / manifest.NAME).exists():  # the last move was made: the new dataset is in place
        _remove(site)
        return
    for name in PARTS[1:] + PARTS[:1]:  # the old manifest comes back last
        replaced = (aside / name).exists()
        if (out / name).exists() and (replaced or name not in note["had"]):
            (out / name).rename(folder / name)
        if replaced:
            (aside / name).rename(out / name)
    flush(out)
    (site / _NOTE).unlink()
    aside.rmdir()


def _move(out: Path, site: Path, folder: Path) -> None:
    aside = site / _ASIDE
    aside.mkdir()
    had = [name for name in PARTS if (out / name).exists()]
    write_whole(site / _NOTE, json.dumps({"new": folder.name, "had": had}).encode(), durable=True)
    flush(site)
    for name in had:  # the manifest first: from here on `out` does not look whole
        (out / name).rename(aside / name)
    for name in reversed(PARTS):  # the manifest last
        if (folder / name).exists():
            if name == manifest.NAME:
                flush(out)
            (folder / name).rename(out / name)
    flush(out)


def _remove(site: Path) -> None:
    """Remove the building site: folders, the note, the mark, so that what a kill leaves is still known as ours."""
    for held in sorted(site.iterdir(), key=lambda path: (path.name == MARK, path.is_file())):
        if held.is_dir():
            shutil.rmtree(held)
        else:
            held.unlink()
    site.rmdir()
