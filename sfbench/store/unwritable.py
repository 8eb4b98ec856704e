"""The error for a folder that cannot be made or written to, whichever verb meets it."""

from __future__ import annotations

from pathlib import Path

from sfbench.errors import SfbenchError


def unwritable(out: Path, why: str = "") -> SfbenchError:
    """Of an `--out`; `why` is what the system says."""
    fix = "choose a folder that you may write to, with space left, with --out"
    return SfbenchError("the output folder cannot be written", where=str(out), why=why, fix=fix)
