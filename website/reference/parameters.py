"""Parameters of the model with bounds, source and confidence."""

from __future__ import annotations

from itertools import groupby

import sfbench.content as content
from sfbench.spec import Parameter
from sfbench.words import unit
from website.reference.markdown import both, code, plain, table, words
from website.reference.places import PARAMETERS


def pages() -> dict[str, str]:
    """One page, a section per group of parameters."""
    found = sorted(content.parameters().values(), key=lambda one: one.name)
    head = (
        f"# Parameters 参数\n\n{len(found)} numbers of the model, each with bounds and a source; rows of "
        "`datasets/calibration/parameters/`. A scenario changes them by name. What is called a prior has no published "
        f"source: see [calibration](../explanation/calibration.md).\n\n共{len(found)}个模型参数及其出处与可信度。\n\n"
    )
    heads = (
        "parameter 参数",
        "value 取值",
        "bounds 范围",
        "unit 单位",
        "confidence 可信度",
        "note, source 说明与出处",
    )
    parts = []
    for group, members in groupby(found, key=lambda one: one.name.partition(".")[0]):
        rows = [
            (
                f'<a id="{one.name}"></a>{code(one.name)}',
                f"{one.value:g}",
                f"{one.low:g} to {one.high:g}",
                _unit(one.unit),
                plain(one.confidence),
                "<br>".join(words(text) for text in _about(one)),
            )
            for one in members
        ]
        parts.append(f"## {group}\n\n" + table(heads, rows))
    return {PARAMETERS: head + "".join(parts)}


def _unit(name: str) -> str:
    zh = unit("zh", name)
    return plain(name) if zh == name else both(zh, name)


def _about(one: Parameter) -> list[str]:
    """Note and source in both languages; a source that says no more than the confidence is left out."""
    source = () if one.source == one.confidence else (one.source_zh, one.source)
    return [text for text in (one.note_zh, one.note, *source) if text]
