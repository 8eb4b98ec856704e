"""Where a run builds its dataset: resumable while it lasts, one set of renames at its end.

Everything is made in `OUT/.building/<plan digest>/`. Each finished part is vouched for by a journal record with the
SHA-256 of its files; a rerun of the same plan takes over what the journal vouches for and nothing else. OUT shows a
manifest only while the data beside it are whole (the moves at the end stand in `store.swap`).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sfbench.errors import SfbenchError
from sfbench.store import swap
from sfbench.store.files import IN_PROGRESS, flush_all, sha256, write_whole
from sfbench.store.manifest import FileEntry, Manifest
from sfbench.store.occupied import refuse_unless_ours
from sfbench.store.truth import FOLDER, TWIN, Truth
from sfbench.store.unwritable import unwritable

States = dict[str, dict[str, NDArray[Any]]]  # settle table -> name -> array


class Recorded(NamedTuple):
    """What a part left behind: the file of each table that it wrote, and the states that settle will merge."""

    entries: dict[str, FileEntry]
    states: States


class Staging:
    """The building site of one dataset; holds a lock on `out` until closed. Use it as a context manager.

    `plan_digest` names the plan: a run resumes only what the same plan has made. Raises SfbenchError if `out` is not
    writable, is in use by another process, holds anything that sfbench did not make, or holds a finished dataset and
    `force` is False. With `force` the old dataset stays whole until `commit`.
    """

    def __init__(self, out: Path, plan_digest: str, force: bool = False) -> None:
        self.out = out
        self._lock = _locked(out)
        try:
            swap.recover(out)
            refuse_unless_ours(out, force)
            self.folder = swap.building(out) / plan_digest
            self._prepare()
        except OSError as error:
            self.close()
            raise unwritable(out, str(error)) from error
        except SfbenchError:
            self.close()
            raise

    @property
    def twin(self) -> Path:
        """Where the twin of the dataset is made."""
        return self.folder / "twin"

    def done(self, part: int | str) -> Recorded | None:
        """What `record` noted for a part, if every file is still there byte for byte; None means: make it again."""
        try:
            record = json.loads(self._journal(part).read_text(encoding="utf-8"))
            entries = {name: FileEntry.from_json(entry) for name, entry in record["entries"].items()}
            if any(sha256(self.folder / entry.path) != entry.sha256 for entry in entries.values()):
                return None
            return Recorded(entries, self._states(part, record["state"]))
        except (OSError, KeyError, TypeError, ValueError, AttributeError):
            return None  # absent or damaged: the journal does not vouch for the part

    def record(self, part: int | str, entries: Mapping[str, FileEntry], states: States | None = None) -> None:
        """Vouch for a finished part: its files (closed by their writers) and its settle states.

        Safe to call from worker processes, one part each.
        """
        digest = None
        try:
            if states:
                path = self._state(part)
                temporary = path.with_name(path.name + IN_PROGRESS)
                with temporary.open("wb") as stream:
                    flat = {
                        f"{table}/{name}": array for table, arrays in states.items() for name, array in arrays.items()
                    }
                    np.savez(stream, allow_pickle=False, **flat)
                os.replace(temporary, path)
                digest = sha256(path)
            journal = {"entries": {name: entry.to_json() for name, entry in entries.items()}, "state": digest}
            write_whole(self._journal(part), json.dumps(journal, ensure_ascii=False).encode())
        except OSError as error:
            raise unwritable(self.out, str(error)) from error

    def commit(self, manifest: Manifest, truth: Truth | None = None) -> None:
        """Put the dataset in place of what `out` held; the manifest appears last.

        `truth` becomes the folder `truth/`; a dataset that was made in `twin` becomes `truth/twin`. Only files that the
        manifest lists are taken over.
        """
        try:
            listed = {file.path for entry in manifest.tables.values() for file in entry.files}
            for path in sorted((self.folder / "data").rglob("*"), reverse=True):  # what a folder holds before it
                if path.is_file() and path.relative_to(self.folder).as_posix() not in listed:
                    path.unlink()
                elif path.is_dir() and not any(path.iterdir()):
                    path.rmdir()
            missing = sorted(path for path in listed if not (self.folder / path).is_file())
            if missing:
                raise SfbenchError("the manifest lists a file that was not made", where=missing[0])
            shutil.rmtree(self.folder / FOLDER, ignore_errors=True)
            if truth is not None:
                truth.write(self.folder)
            if self.twin.is_dir():
                (self.folder / FOLDER).mkdir(exist_ok=True)
                self.twin.rename(self.folder / TWIN)
            manifest.write(self.folder)
            made = [self.folder / name for name in swap.PARTS if (self.folder / name).exists()]
            flush_all([self.folder, *made, *(held for folder in made for held in folder.rglob("*"))])
            swap.swap(self.out, self.folder)
        except OSError as error:
            raise unwritable(self.out, str(error)) from error

    def close(self) -> None:
        """Release the lock; what has been made stays for a resumption."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _prepare(self) -> None:
        site = swap.building(self.out)
        site.mkdir(exist_ok=True)
        (site / swap.MARK).touch()
        for other in site.iterdir():
            if other.is_dir() and other != self.folder:
                shutil.rmtree(other)  # a run of another plan; the mark says that all in here is ours
        for name in ("data", "journal", "state"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def _journal(self, part: int | str) -> Path:
        return self.folder / "journal" / f"{part}.json"

    def _state(self, part: int | str) -> Path:
        return self.folder / "state" / f"{part}.npz"

    def _states(self, part: int | str, digest: str | None) -> States:
        states: States = {}
        if digest is None:
            return states
        if sha256(self._state(part)) != digest:
            raise ValueError("the state differs from what the journal vouches for")
        with np.load(self._state(part), allow_pickle=False) as arrays:
            for key in arrays.files:
                table, _, name = key.partition("/")
                states.setdefault(table, {})[name] = arrays[key]
        return states


def _locked(out: Path) -> int:
    """A lock on the folder itself, which leaves no file behind and ends with the process."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise unwritable(out, str(error)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        fix = "wait for it, or choose another --out"
        raise SfbenchError("another process is writing here", where=str(out), why=str(error), fix=fix) from error
    return descriptor
