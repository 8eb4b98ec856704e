"""A file that is whole or absent."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sfbench.errors import SfbenchError


def write_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Writes beside `path` and renames, so that a half-written file never has the name of a whole one.

    Raises SfbenchError if the folder does not exist or cannot be written to.
    """
    partial = path.with_name(f".{path.name}.in-progress")
    try:
        with partial.open("wb") as sink:
            write(sink)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        why = error.strerror or str(error)
        fix = "give a path in a folder that exists"
        raise SfbenchError("the file cannot be written", where=str(path), why=why, fix=fix) from error
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
