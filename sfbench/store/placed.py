"""A folder of results that is written aside and moved into place whole, over nothing that sfbench did not write."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.store.unwritable import unwritable


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
def whole_folder(out: Path, note: str) -> Iterator[Path]:
    """A folder to write into, which takes the place of `out` at the end; if anything is raised, `out` is as it was.

    `note`, which is to be written there, gets the list of its files; what an earlier note in `out` does not list is the
    user's own and stays.
    """
    place = out.absolute()
    try:
        aside = tempfile.TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent)
    except OSError as error:
        raise unwritable(out, str(error)) from error
    with aside as site:
        new, old = Path(site) / "new", Path(site) / "old"
        new.mkdir()
        yield new
        settle(place, new, note)
        if place.exists():
            place.rename(old)
        try:
            new.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise


def settle(former: Path, new: Path, note: str) -> None:
    """Lists the files of `new` in its note, and takes over what a user has put into the folder that was there."""
    _list(new, note)
    _keep(former, new, note)


def _list(folder: Path, note: str) -> None:
    record = json.loads((folder / note).read_text(encoding="utf-8"))
    if "files" not in record:
        files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        record["files"] = sorted(name for name in files if name != note)
        (folder / note).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _keep(out: Path, new: Path, note: str) -> None:
    """Copies what is in `out` and was not written by the run before: a failure takes nothing away."""
    if not (out / note).is_file():
        return
    try:
        record = json.loads((out / note).read_text(encoding="utf-8"))
    except ValueError:
        record = {"files": ()}  # a damaged note lists nothing
    if "files" not in record:  # an earlier version listed none
        return
    ours = {note, *record["files"]}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out)
        if path.is_file() and name.as_posix() not in ours and not (new / name).exists():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, new / name)
