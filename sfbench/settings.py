"""Defaults of a project or a user: `sfbench.toml`, or `[tool.sfbench]` of a `pyproject.toml`, here or above."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sfbench.errors import SfbenchError

OWN, SHARED = "sfbench.toml", "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the nearest file says; `path` is None where there is none."""

    path: Path | None = None
    values: dict[str, Any] = field(default_factory=dict)


def settings(start: Path | None = None) -> Settings:
    """The settings for a working folder. Raises SfbenchError for a file that is no TOML."""
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        for name in (OWN, SHARED):
            path = folder / name
            if path.is_file():
                values = _read(path)
                found = values if name == OWN else values.get("tool", {}).get("sfbench")
                if isinstance(found, dict):
                    return Settings(path, found)
    return Settings()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        if path.name == SHARED:  # another tool's file; that one complains
            return {}
        raise SfbenchError(
            "the settings cannot be read", where=str(path), why=str(error), fix="see docs/how-to/settings.md"
        ) from error
