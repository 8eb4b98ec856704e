"""Where sfbench keeps what it can make again; the only place outside output folders that it writes to."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sfbench.settings import settings

VARIABLE = "SFBENCH_CACHE"


def cache_folder() -> Path:
    """The cache folder, which need not exist: `SFBENCH_CACHE`, `cache-folder` of the settings, or the user's."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    found = settings()
    if found.path and (named := found.values.get("cache-folder")):
        return found.path.parent / Path(str(named)).expanduser()
    return _user_caches() / "sfbench"


def _user_caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
