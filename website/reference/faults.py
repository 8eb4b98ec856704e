"""Faults of reporting that a scenario may plant; of the two mechanisms of each only the public one is shown."""

from __future__ import annotations

from sfbench.cli.list import faults as records
from website.reference.markdown import both, code, table
from website.reference.places import FAULTS

_LEVELS = {
    "cell": "cells 单元格",
    "row": "rows 行",
    "table": "tables 表",
    "cross": "between tables 表间",
    "statistical": "statistical 统计",
}


def pages() -> dict[str, str]:
    """One page."""
    found = records(())
    head = (
        f"# Faults 差错\n\n{len(found)} kinds, one file each in `sfbench/reporting/faults/`. A scenario plants them "
        "with an entry of `faults`; whether a rule can see a kind at all is said before any suite is run. Why, and how "
        "suites are judged by them: [faults and suites](../explanation/faults.md).\n\n"
        f"共{len(found)}类差错；规则能否识别，事先声明。\n\n"
    )
    parts = []
    for level, title in _LEVELS.items():
        rows = [_row(one) for one in found if one["level"] == level]
        heads = (
            "fault 差错",
            "what 含义",
            "mechanism 成因",
            "visible to a rule 规则可见",
            "acts at 环节",
            "settings 参数",
        )
        parts.append(f"## {title} {{ #{level} }}\n\n" + table(heads, rows))
    return {FAULTS: head + "".join(parts)}


def _row(one: dict[str, object]) -> tuple[str, ...]:
    settings = one["settings"]
    assert isinstance(settings, dict)
    at = one["at"]
    assert isinstance(at, list)
    return (
        f'<a id="{one["name"]}"></a>{code(one["name"])}',
        both(one["zh"], one["en"]),
        both(one["mechanism_zh"], one["mechanism"]),
        "yes 是" if one["visible"] else "no 否",
        ", ".join(at),
        ", ".join(f"{code(name)} {value:g}" for name, value in settings.items()),
    )
