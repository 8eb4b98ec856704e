"""Charts as Vega-Lite specifications: plain JSON, in which {"zh": .., "en": ..} stands for one word.

The page's script puts the word of its language in, sets colours and fonts, and draws a chart when it comes into view.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

Both = tuple[str, str]  # (zh, en)
Spec = dict[str, Any]
Points = Sequence[tuple[datetime.date, float]]

# Where districts lie, by (column, row) of a tile: roughly as on the map, from Guangming to Dapeng.
_TILES = {
    "Guangming": (1, 0), "Longhua": (2, 1), "Longgang": (3, 1), "Pingshan": (4, 1), "Shenshan": (5, 0),
    "Baoan": (0, 1), "Nanshan": (1, 2), "Futian": (2, 2), "Luohu": (3, 2), "Yantian": (4, 2), "Dapeng": (5, 2),
}  # fmt: skip


def words(pair: Both) -> dict[str, str]:
    """Words of which the page shows one."""
    return {"zh": pair[0], "en": pair[1]}


def trend(
    series: Sequence[tuple[Both, Points]],
    unit: Both,
    *,
    target: float | None = None,
    published: datetime.date | None = None,
) -> Spec:
    """Lines over time, the target as a dashed line, and a rule at the last published month."""
    rows = [
        {"m": f"{day}", "v": _short(value), "s": at} for at, (_, points) in enumerate(series) for day, value in points
    ]
    x = {"field": "m", "type": "temporal", "title": None, "axis": {"format": "%Y-%m", "tickCount": 6}}
    y = {"field": "v", "type": "quantitative", "title": words(unit), "scale": {"zero": False}}
    tooltip = [
        {"field": "m", "type": "temporal", "format": "%Y-%m", "title": words(("月份", "Month"))},
        {"field": "name", "title": words(("序列", "Series"))},
        {"field": "v", "type": "quantitative", "format": ",.2f", "title": words(unit)},
    ]
    label = _labels([name for name, _ in series], "value")
    line: Spec = {
        "transform": [{"calculate": _labels([name for name, _ in series], "s"), "as": "name"}],
        "mark": {"type": "line", "point": 0 < len(rows) < 40},
        "encoding": {"x": x, "y": y, "color": _colour("s", label, len(series) > 1), "tooltip": tooltip},
    }
    layers = [line]
    if target is not None:
        layers.append(_rule({"y": {"datum": target}}, [6, 4], "target"))
    if published is not None:
        day = {"year": published.year, "month": published.month, "date": published.day}
        layers.append(_rule({"x": {"datum": day, "type": "temporal"}}, [2, 3], "published"))
    return _chart({"data": {"values": rows}, "layer": layers}, height=180)


def bars(rows: Sequence[tuple[Both, float]], unit: Both) -> Spec:
    """Horizontal bars in the order given."""
    values = [{"n": words(name), "v": _short(value), "o": at} for at, (name, value) in enumerate(rows)]
    sort = {"field": "o", "order": "ascending"}
    encoding = {
        "y": {"field": "n", "type": "nominal", "title": None, "sort": sort, "axis": {"labelLimit": 220}},
        "x": {"field": "v", "type": "quantitative", "title": words(unit)},
        "tooltip": [{"field": "n", "title": " "}, {"field": "v", "format": ",.2f", "title": words(unit)}],
    }
    return _chart({"data": {"values": values}, "mark": "bar", "encoding": encoding}, height=22 * len(rows) + 10)


def stacked(series: Sequence[tuple[Both, Points]], unit: Both) -> Spec:
    """A stacked bar a year."""
    rows = [
        {"m": f"{day:%Y}", "v": _short(value), "s": at}
        for at, (_, points) in enumerate(series)
        for day, value in points
    ]
    encoding = {
        "x": {"field": "m", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
        "y": {"field": "v", "type": "quantitative", "title": words(unit)},
        "order": {"field": "s"},
        "color": _colour("s", _labels([name for name, _ in series], "value"), True),
        "tooltip": [
            {"field": "m", "title": words(("年", "Year"))},
            {"field": "name", "title": words(("阶段", "Stage"))},
            {"field": "v", "format": ",.1f", "title": words(unit)},
        ],
    }
    made = [{"calculate": _labels([name for name, _ in series], "s"), "as": "name"}]
    return _chart({"data": {"values": rows}, "transform": made, "mark": "bar", "encoding": encoding}, height=200)


def tiles(values: Mapping[str, float], names: Mapping[str, Both], unit: Both) -> Spec:
    """A tile a district, darker for more. `values` and `names` by the district's English name."""
    rows = [
        {"x": _TILES[key][0], "y": _TILES[key][1], "n": words(names[key]), "v": _short(value)}
        for key, value in values.items()
        if key in _TILES
    ]
    place = {
        "x": {"field": "x", "type": "ordinal", "axis": None},
        "y": {"field": "y", "type": "ordinal", "axis": None},
        "tooltip": [{"field": "n", "title": " "}, {"field": "v", "format": ",.2f", "title": words(unit)}],
    }
    middle = (min(values.values()) + max(values.values())) / 2 if values else 0
    ink = {"condition": {"test": f"datum.v > {middle}", "value": "#fff"}, "value": "#1c2733"}
    shade = {"field": "v", "type": "quantitative", "title": words(unit), "scale": {"range": ["#dbe7f1", "#14507d"]}}
    layers: list[Spec] = [
        {"mark": {"type": "rect", "cornerRadius": 6, "stroke": None}, "encoding": {**place, "color": shade}},
        {
            "mark": {"type": "text", "dy": -8, "fontWeight": 600},
            "encoding": {**place, "text": {"field": "n"}, "color": ink},
        },
        {
            "mark": {"type": "text", "dy": 10},
            "encoding": {**place, "text": {"field": "v", "format": ",.1f"}, "color": ink},
        },
    ]
    gaps = {"scale": {"bandPaddingInner": 0.06}}
    return _chart({"data": {"values": rows}, "layer": layers, "config": gaps}, height=190)


def _chart(body: Spec, height: int) -> Spec:
    return {"width": "container", "height": height, "autosize": {"type": "fit-x", "contains": "padding"}, **body}


def _rule(encoding: Spec, dash: list[int], style: str) -> Spec:
    return {"mark": {"type": "rule", "strokeDash": dash, "style": style}, "encoding": encoding}


def _colour(field: str, labels: Spec, legend: bool) -> Spec:
    shown = {"title": None, "orient": "top", "labelExpr": labels, "labelLimit": 280} if legend else None
    return {"field": field, "type": "nominal", "legend": shown}


def _labels(names: Sequence[Both], field: str) -> Spec:
    """An expression that gives the name of a series by its number."""
    lists = [json.dumps([name[lang] for name in names], ensure_ascii=False) for lang in (0, 1)]
    return words((f"{lists[0]}[datum.{field}]", f"{lists[1]}[datum.{field}]"))


def _short(value: float) -> float:
    """Six digits are more than a chart shows."""
    return float(f"{value:.6g}")
