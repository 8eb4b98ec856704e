"""Where sfbench keeps what it can make again; the only place outside output folders that it writes to."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "SFBENCH_CACHE"


def cache_folder() -> Path:
    """The cache folder, which need not exist: `SFBENCH_CACHE`, or `sfbench` in the user's folder for caches."""
    given = os.environ.get(VARIABLE)
    return Path(given).expanduser().absolute() if given else _user_caches() / "sfbench"


def _user_caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
