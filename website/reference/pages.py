"""All generated pages by their paths in the site."""

from __future__ import annotations

from website.reference import bench, commands, faults, metrics, parameters, presets, python, scenarios, tables

_KINDS = (tables, metrics, scenarios, bench, presets, faults, parameters, commands, python)


def pages() -> dict[str, str]:
    """Path -> Markdown."""
    return {path: text for kind in _KINDS for path, text in kind.pages().items()}
