"""Files that are either whole or absent: written under an in-progress name, then renamed.

While a run lasts nothing is forced to disk: what a power cut leaves of a part fails its SHA-256 and is made again. At
the end all is flushed together, before anything gets its final place (a flush alone costs 30 ms or more).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

IN_PROGRESS = ".tmp"
_FLUSHES = 16  # at a time: they share the journal commits of the file system; no CPU is used


def write_whole(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write a small file so that a killed process leaves the old one or the new one. Raises OSError.

    `durable` forces it to disk, so that this holds for a power cut too.
    """
    temporary = path.with_name(path.name + IN_PROGRESS)
    temporary.write_bytes(data)
    if durable:
        flush(temporary)
    os.replace(temporary, path)


def flush_all(paths: Iterable[Path]) -> None:
    """Force many files or folders to disk, side by side. Raises OSError."""
    with ThreadPoolExecutor(_FLUSHES) as pool:
        for _ in pool.map(flush, paths):
            pass


def flush(path: Path) -> None:
    """Force a file's bytes, or a folder's entries, to disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces, as 64 hexadecimal digits. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
