"""YAML nodes with their lines: what a checked file is read from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def items(node: yaml.MappingNode, path: Path) -> list[tuple[str, Any, str]]:
    """(key, value node, file:line) of a mapping."""
    return [(str(key.value), value, f"{path}:{key.start_mark.line + 1}") for key, value in node.value]


def plain(node: yaml.Node) -> Any:
    """The value of a node; `_Unread` where YAML makes none of it, such as of the day 2026-13-45 or an unknown tag."""
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        return _Unread(str(node.value))
    finally:
        loader.dispose()


class _Unread:
    """Stands for a value that YAML cannot make, so that it is of no wanted type."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return repr(self.text)
