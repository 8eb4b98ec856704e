"""YAML with line numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sfbench.errors import SfbenchError


def mapping(path: Path, what: str) -> yaml.MappingNode:
    """The file's top mapping; SfbenchError if it cannot be read or is none."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise SfbenchError(f"no such {what} file", where=str(path), why=str(error), fix="check the path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SfbenchError("not readable as YAML", where=str(path), why=str(error), fix="mend the file") from error
    if not isinstance(node, yaml.MappingNode):
        raise SfbenchError(f"a {what} is a mapping of keys", where=f"{path}:1", fix="look at `sfbench list methods`")
    return node


def items(node: yaml.MappingNode, path: Path, errors: list[SfbenchError]) -> dict[str, yaml.Node]:
    """Values by key; a key that stands twice is an error, and its first value counts."""
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
        if name in found:
            where = f"{path}:{key.start_mark.line + 1}"
            errors.append(SfbenchError(f"key {name!r} is given twice", where=where, fix="keep one"))
        else:
            found[name] = value
    return found


def place(path: Path, node: yaml.Node) -> str:
    """`file:line` of a value."""
    return f"{path}:{node.start_mark.line + 1}"


def whole(node: yaml.Node, path: Path, errors: list[SfbenchError], holders: tuple[yaml.Node, ...] = ()) -> Any:
    """The value of a node and of all within it; a key that stands twice is an error at any depth."""
    if node in holders:
        errors.append(SfbenchError("a value holds itself", where=place(path, node), fix="write it out"))
        return None
    if isinstance(node, yaml.MappingNode):
        found = items(node, path, errors)
        return {name: whole(own, path, errors, (*holders, node)) for name, own in found.items()}
    if isinstance(node, yaml.SequenceNode):
        return [whole(own, path, errors, (*holders, node)) for own in node.value]
    return plain(node)


def plain(node: yaml.Node) -> Any:
    """The value of a node as Python has it; a text where YAML makes none of it, such as of the day 2026-13-45."""
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        return str(node.value)
    finally:
        loader.dispose()
