"""Says whether an output folder may be written: nothing that sfbench did not make is ever replaced or removed."""

from __future__ import annotations

from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.store import manifest, truth
from sfbench.store.swap import MARK, building

_FORMER = {"truth/truth.json", "truth/exposure.parquet"}  # what datasets of format 2 have there
_TRUTH = {truth.NAME, *(f"{truth.FOLDER}/{name}.parquet" for name in truth.TABLES)} | _FORMER


def refuse_unless_ours(out: Path, force: bool) -> None:
    """Return if `out` is empty, holds an interrupted run, or holds a finished dataset and `force` is True.

    Other files beside a dataset are left alone; a foreign file inside its `data/` or `truth/` is refused even with
    force, since replacing those folders would take it away. Raises SfbenchError.
    """
    site = building(out)
    if site.exists() and not (site / MARK).is_file() and any(site.iterdir()):
        raise _foreign(out, site.name)
    held = sorted(path.name for path in out.iterdir() if path != site)
    if not held:
        return
    path = out / manifest.NAME
    if not path.is_file() or not manifest.is_manifest(path):
        raise _foreign(out, held[0])
    if not force:
        fix = "add --force to replace it, or choose another --out"
        raise SfbenchError("the output folder holds a finished dataset", where=str(out), fix=fix)
    ours = _written(out)
    if manifest.is_manifest(out / truth.TWIN / manifest.NAME):
        ours |= {f"{truth.TWIN}/{name}" for name in _written(out / truth.TWIN)}
    for folder in ("data", truth.FOLDER):
        for found in sorted((out / folder).rglob("*")):
            relative = found.relative_to(out).as_posix()
            if not found.is_dir() and relative not in ours:
                raise _foreign(out, relative)


def _written(out: Path) -> set[str]:
    """What a dataset's own run has put into its folder, by relative path."""
    tables = manifest.read(out, checked=False).tables
    return {file.path for entry in tables.values() for file in entry.files} | _TRUTH | {manifest.NAME}


def _foreign(out: Path, name: str) -> SfbenchError:
    return SfbenchError(
        "the output folder holds something else",
        where=str(out),
        why=f"{name!r} was not written by sfbench, and sfbench removes only what it wrote",
        fix="choose an empty or new folder with --out",
    )
