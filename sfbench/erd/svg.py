"""The schema as one self-contained SVG: no library to install, no network, the same bytes everywhere.

Own code, since the layout programs that exist need a system package (Graphviz) or a browser (Mermaid).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

from sfbench.erd.diagram import layers, references, shown
from sfbench.spec import Table

_WIDTH, _GAP, _BETWEEN = 250, 150, 22  # of a box, between layers, between boxes
_TITLE, _LINE, _MARGIN = 40, 17, 24
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#666666")  # Okabe and Ito
_FONT = "font-family:'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',Helvetica,Arial,sans-serif"


class _Box(NamedTuple):
    x: int
    y: int
    height: int


def svg(tables: Mapping[str, Table], lang: str = "en") -> str:
    """The picture as text: each table with its key and references, a curve from each reference to its parent."""
    boxes = _boxes(tables)
    width = max(box.x for box in boxes.values()) + _WIDTH + _MARGIN
    height = max(box.y + box.height for box in boxes.values()) + _MARGIN
    parts = [*_curves(tables, boxes), *(line for name in boxes for line in _box(tables[name], boxes[name], lang))]
    title = "sfbench: 表与引用" if lang == "zh" else "sfbench: tables and references"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return "\n".join([f'{head} role="img" style="{_FONT};background:#fff"><title>{title}</title>', *parts, "</svg>\n"])


def _boxes(tables: Mapping[str, Table]) -> dict[str, _Box]:
    rows = layers(tables)
    tall = {name: _TITLE + _LINE * len(shown(table)) + 8 for name, table in tables.items()}
    heights = [sum(tall[name] + _BETWEEN for name in row) for row in rows]
    boxes = {}
    for column, row in enumerate(rows):
        y = _MARGIN + (max(heights) - heights[column]) // 2
        for name in row:
            boxes[name] = _Box(_MARGIN + column * (_WIDTH + _GAP), y, tall[name])
            y += tall[name] + _BETWEEN
    return boxes


def _curves(tables: Mapping[str, Table], boxes: Mapping[str, _Box]) -> Iterator[str]:
    colour = {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(sorted(tables))}
    for reference in references(tables):
        parent, child = boxes[reference.parent], boxes[reference.child]
        y0 = parent.y + _place(tables[reference.parent], reference.parent_column)
        y1 = child.y + _place(tables[reference.child], reference.column)
        x0, x1 = parent.x + _WIDTH, child.x
        bend = max((x1 - x0) // 2, 60)
        dashes = ' stroke-dasharray="5 4"' if reference.optional else ""
        yield (
            f'<path d="M{x0} {y0}C{x0 + bend} {y0} {x1 - bend} {y1} {x1} {y1}" fill="none" '
            f'stroke="{colour[reference.parent]}" stroke-opacity=".55"{dashes}>'
            f"<title>{reference.child}.{reference.column} → {reference.parent}.{reference.parent_column}</title></path>"
        )


def _place(table: Table, column: str) -> int:
    names = [c.name for c in shown(table)]
    return _TITLE + _LINE * names.index(column) + 10 if column in names else _TITLE // 2


def _box(table: Table, box: _Box, lang: str) -> Iterator[str]:
    other = len(table.columns) - len(shown(table))
    more = f"+{other} 字段" if lang == "zh" else f"+{other} columns"
    yield f'<rect x="{box.x}" y="{box.y}" width="{_WIDTH}" height="{box.height}" rx="6" fill="#fff" stroke="#555"/>'
    yield f'<rect x="{box.x}" y="{box.y}" width="{_WIDTH}" height="{_TITLE - 6}" rx="6" fill="#eef3f7"/>'
    yield _text(box.x + 10, box.y + 15, table.name, "font-weight:700;font-size:13px")
    yield _text(box.x + 10, box.y + 29, table.zh if lang == "zh" else table.en, "font-size:10.5px;fill:#444")
    yield _text(box.x + _WIDTH - 10, box.y + 15, more, "font-size:10px;fill:#777;text-anchor:end")
    for place, column in enumerate(shown(table)):
        y = box.y + _TITLE + _LINE * place + 13
        key = column.name in table.key
        yield _text(box.x + 10, y, column.name, f"font-size:11.5px{';font-weight:700' if key else ''}")
        label = column.zh if lang == "zh" else ("key" if key else "")
        yield _text(box.x + _WIDTH - 10, y, label, "font-size:10px;fill:#777;text-anchor:end")


def _text(x: int, y: int, text: str, style: str) -> str:
    return f'<text x="{x}" y="{y}" style="{style}">{escape(text)}</text>'
