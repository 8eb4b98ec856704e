"""The frontier as Markdown, JSON or one HTML page with a picture, which needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.store.arrow import SYNTHETIC_MARK
from sfbench.store.files import write_whole
from sfbench.synth.frontier import Row
from sfbench.synth.page import STYLE, VERDICTS, both, shown, switch, wide

TITLE = ("Frontier of synthetic copies", "合成副本的前沿")
HEADINGS = (
    ("copy", "副本"),
    ("method", "方法"),
    ("shown risk", "已证实风险"),
    ("worst attack", "最强攻击"),
    ("fidelity", "保真"),
    ("utility", "效用"),
    ("plan_metrics", "方案指标"),
    ("privacy", "隐私判定"),
    ("frontier", "前沿"),
)
NOTE = (
    "On the frontier: no other copy is at least as good in risk, fidelity and utility and better in one. Shown risk: "
    "the largest lower bound (95 % over all attacks) of an attack's gain. The copies are synthetic data.",
    f"前沿：在风险、保真、效用三方面没有其他副本全部不差且至少一项更好。已证实风险：各攻击所得下界（合计95%）之最大值。副本为{SYNTHETIC_MARK}。",
)
WIDTH, HEIGHT, EDGE = 640, 360, 56


def write(rows: Sequence[Row], out: Path, lang: str) -> None:
    """The frontier into a .html, .md or .json file. Raises SfbenchError for another ending."""
    if out.suffix == ".html":
        text = page(rows, lang)
    elif out.suffix == ".md":
        text = markdown(rows, lang)
    elif out.suffix == ".json":
        text = json.dumps(record(rows), ensure_ascii=False, indent=1) + "\n"
    else:
        raise SfbenchError(f"no frontier in a {out.suffix!r} file", where=str(out), fix="end in .html, .md or .json")
    try:
        write_whole(out, text.encode())
    except OSError as error:
        raise SfbenchError("the frontier cannot be written", where=str(out), why=str(error)) from error


def record(rows: Sequence[Row]) -> dict[str, object]:
    """Plain values for JSON."""
    return {
        "synthetic": {"en": "the copies are synthetic data", "zh": f"副本为{SYNTHETIC_MARK}"},
        "copies": [*map(asdict, rows)],
    }


def cells(row: Row, lang: str) -> list[str]:
    """As a table shows them."""
    zh = lang == "zh"
    verdict = VERDICTS.get(row.verdict, (row.verdict, row.verdict))[zh]
    on = ("yes", "是")[zh] if row.on_frontier else ("no", "否")[zh]
    numbers = [shown(value) for value in (row.fidelity, row.utility, row.plan_metrics)]
    return [row.copy, row.method, shown(row.risk), row.attack, *numbers, verdict, on]


def markdown(rows: Sequence[Row], lang: str) -> str:
    """A table with its note."""
    zh = lang == "zh"
    head = " | ".join(title[zh] for title in HEADINGS)
    lines = [f"# {TITLE[zh]}", "", f"| {head} |", "|" + " --- |" * len(HEADINGS)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells(row, lang)) + " |" for row in rows]
    return "\n".join([*lines, "", NOTE[zh]]) + "\n"


def page(rows: Sequence[Row], lang: str) -> str:
    """The page, which opens in `lang`."""
    head = "".join(f"<th>{both(title)}</th>" for title in HEADINGS)
    body = []
    for row in rows:
        pairs = zip(cells(row, "en"), cells(row, "zh"), strict=True)
        body.append("<tr>" + "".join(f"<td>{both(pair)}</td>" for pair in pairs) + "</tr>")
    parts = [
        f"<p>{switch('zh', '中文', lang)} {switch('en', 'English', lang)}</p>",
        f"<h1>{both(TITLE)}</h1>",
        picture(rows),
        wide(f"<table><tr>{head}</tr>\n" + "\n".join(body) + "</table>"),
        f'<p class="soft">{both(NOTE)}</p>',
    ]
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    start = f'<meta charset="utf-8">{view}<title>{escape(TITLE[lang == "zh"])}</title><style>{STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="{lang}"><head>{start}</head>\n<body>\n' + "\n".join(parts) + "\n</body></html>\n"
    )


def picture(rows: Sequence[Row]) -> str:
    """Shown risk across, fidelity up; a full dot is on the frontier. Copies without either are left out."""
    points = [(row, row.risk, row.fidelity) for row in rows if row.risk is not None and row.fidelity is not None]
    right = max([0.1, *(risk for _, risk, _ in points)])
    low = min([0.9, *(fidelity for *_, fidelity in points)]) - 0.02
    wide, high = WIDTH - 3 * EDGE, HEIGHT - 2 * EDGE
    marks, taken = [], list[tuple[float, float]]()
    for row, risk, fidelity in sorted(points, key=lambda point: -point[2]):
        x, y = EDGE + wide * risk / right, EDGE + high * (1 - fidelity) / (1 - low)
        fill = "#4472a8" if row.on_frontier else "#fff"
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="#4472a8"/>')
        at = y + 4
        while any(abs(x - other) < 90 and abs(at - above) < 13 for other, above in taken):
            at += 13  # labels of dots that lie together stand below one another
        taken.append((x, at))
        marks.append(f'<text x="{x + 9:.1f}" y="{at:.1f}">{escape(row.method or row.copy)}</text>')
    base, end = HEIGHT - EDGE, EDGE + wide
    axes = f'<path d="M{EDGE} {EDGE - 10}V{base}H{end}" fill="none" stroke="#666"/>'
    ends = [(EDGE, base + 16, "0"), (end, base + 16, f"{right:.2f}"), (EDGE - 34, EDGE + 4, "1.00")]
    ends.append((EDGE - 34, base, f"{low:.2f}"))
    words = "".join(f'<text x="{x}" y="{y}">{text}</text>' for x, y, text in ends)
    words += _words(EDGE + wide // 3, base + 34, HEADINGS[2]) + _words(EDGE - 34, EDGE - 22, HEADINGS[4])
    style = 'style="max-width:100%;font-size:12px"'
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" {style} role="img">{axes}{words}{"".join(marks)}</svg>'


def _words(x: int, y: int, words: tuple[str, str]) -> str:
    en, zh = map(escape, words)
    return f'<text x="{x}" y="{y}"><tspan class="zh">{zh}</tspan><tspan class="en">{en}</tspan></text>'
