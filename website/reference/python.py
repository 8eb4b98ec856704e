"""The Python API, from its docstrings."""

from __future__ import annotations

import inspect
import re
from types import ModuleType
from typing import Any

import sfbench
import sfbench.bench.kit
import sfbench.faker
import sfbench.kit
import sfbench.reporting.kit
from website.reference.markdown import fence, words
from website.reference.places import PYTHON

_DOORS: dict[str, tuple[ModuleType, str]] = {
    "sfbench": (sfbench, "All that a user's program needs."),
    "sfbench.kit": (sfbench.kit, "The door of content files: tables and their draws."),
    "sfbench.reporting.kit": (sfbench.reporting.kit, "The door of faults."),
    "sfbench.bench.kit": (sfbench.bench.kit, "The door of bench methods."),
}
_ROOM = 100  # characters of a signature on one line
_QUOTED = re.compile(r"(: |-> )'([^']*)'")  # annotations that are not evaluated yet


def pages() -> dict[str, str]:
    """One page."""
    head = (
        "# Python API\n\nWhat is public, in the words of its docstrings. Fixtures of the pytest plugin: "
        "[how to take test data](../how-to/fixtures.md).\n\n公开的Python接口，内容取自文档字符串。\n\n"
    )
    parts = [head]
    for title, (module, about) in _DOORS.items():
        parts.append(f"## {title}\n\n{about}\n\n")
        parts += [_entry(name, getattr(module, name)) for name in module.__all__ if not name.startswith("__")]
    provider = sfbench.faker.Provider
    parts.append("## sfbench.faker\n\nA provider for Faker: `fake.add_provider(sfbench.faker.Provider)`.\n\n")
    methods = [name for name, one in vars(provider).items() if inspect.isfunction(one) and not name.startswith("_")]
    parts += [_entry(f"fake.{name}", getattr(provider, name)) for name in methods]
    return {PYTHON: "".join(parts)}


def _entry(name: str, one: Any) -> str:
    if not (inspect.isclass(one) or inspect.isroutine(one) or hasattr(one, "__wrapped__")):  # a type, a number
        return f"### {name}\n\n" + fence(str(one).replace("typing.", ""), "python")
    return f"### {name}\n\n" + _signature(name, one) + _words(one) + (_members(one) if inspect.isclass(one) else "")


def _signature(name: str, one: Any) -> str:
    if inspect.isclass(one) and issubclass(one, tuple | BaseException):
        fields = getattr(one, "_fields", ())
        return fence(f"class {name}({', '.join(fields)})", "python") if fields else ""
    found = inspect.signature(inspect.unwrap(one))
    kept = [parameter for parameter in found.parameters.values() if parameter.name != "self"]
    found = found.replace(parameters=kept)
    before = "class " if inspect.isclass(one) else ""
    flat = before + name + _bare(found)
    if len(flat) <= _ROOM:
        return fence(flat, "python")
    answer = _bare(found.replace(parameters=())).removeprefix("()")
    return fence(f"{before}{name}(\n{_lines(kept)}){answer}", "python")


def _lines(parameters: list[inspect.Parameter]) -> str:
    named = [parameter for parameter in parameters if parameter.kind is inspect.Parameter.KEYWORD_ONLY]
    out = []
    for parameter in parameters:
        if named and parameter is named[0]:
            out.append("    *,\n")
        out.append(f"    {_bare(parameter)},\n")
    return "".join(out)


def _bare(part: inspect.Signature | inspect.Parameter) -> str:
    return _QUOTED.sub(r"\1\2", str(part))


def _words(one: Any) -> str:
    text = inspect.getdoc(one) or ""
    if inspect.isclass(one) and text.startswith(f"{one.__name__}("):  # what `dataclass` writes by itself
        return ""
    return "".join(f"{_paragraph(part)}\n\n" for part in text.split("\n\n") if part.strip())


def _paragraph(part: str) -> str:
    if any(line.startswith("  ") for line in part.splitlines()):  # set out as a table
        return fence(part, "text").rstrip()
    return words(part)


def _members(one: type) -> str:
    rows = []
    for name, member in vars(one).items():
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
            said = (inspect.getdoc(member) or "").split("\n\n")[0]
            rows.append(f"- `{name if isinstance(member, property) else name + '()'}`: {words(said)}\n")
    return "".join(rows) + ("\n" if rows else "")
