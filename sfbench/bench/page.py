"""The board as one HTML page that needs nothing else, in Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from sfbench.assess.writers.facts import Both
from sfbench.assess.writers.page import both, style, switch
from sfbench.bench.figures import FIGURES
from sfbench.bench.ranks import Ranking
from sfbench.bench.score import Score
from sfbench.words import Language

Tables = Sequence[tuple[Both, Sequence[Score]]]
Rankings = Sequence[tuple[Both, Ranking]]
_TITLE = ("评测台榜单", "The board of the bench")
_ABOUT = (
    "合成数据上的评测方法：先逐情景列示，再给平均名次",
    "Methods on synthetic data: scenario by scenario, then average ranks",
)


def page(tables: Tables, rankings: Rankings, lang: Language) -> str:
    """The page, which opens in `lang`: a table a scenario, then average ranks by task."""
    parts = [
        f'<div class="top"><h1>{both(_TITLE)}</h1>',
        f'<div class="switch">{switch("zh", "中文", lang)} {switch("en", "English", lang)}</div></div>',
        f'<p class="soft">{both(_ABOUT)}</p>',
        *(f"<h2>{both(words)}</h2>{_scores(found)}" for words, found in tables),
        *(f"<h2>{both(words)}</h2>{_ranks(found)}" for words, found in rankings),
    ]
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    title = f"<title>{escape(_TITLE[lang == 'en'])}</title>"
    head = f'<meta charset="utf-8">{view}{title}<style>{style()}</style>'
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="{lang}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _scores(found: Sequence[Score]) -> str:
    figures = [name for name in FIGURES if any(name in one.figures for one in found)]
    words = [("变体", "variant"), ("方法", "method"), ("次数", "n"), *(FIGURES[name] for name in figures)]
    rows = [_row(one, figures) for one in found]
    return _table([*words, ("拒答", "refused"), ("失败", "failed")], rows, texts=2)


def _row(one: Score, figures: Sequence[str]) -> list[str]:
    cells = [_figure(*one.figures.get(name, (math.nan, math.nan))) for name in figures]
    return [one.variant, one.method, str(one.instances), *cells, str(one.refusals), str(one.failures)]


def _ranks(found: Ranking) -> str:
    words = [("方法", "method"), ("平均名次", "mean rank"), ("95 % 区间", "95 % interval"), ("组", "group")]
    rows = [[one.method, f"{one.mean:.2f}", f"{one.low:.2f} – {one.high:.2f}", one.group] for one in found.ranks]
    said = "" if math.isnan(found.critical_difference) else f" CD {found.critical_difference:.2f}."
    cases = ", ".join(f"{scenario}/{variant}" for scenario, variant in found.cases)
    note = (f"共{len(found.cases)}例：{cases}。{said}", f"{len(found.cases)} cases: {cases}.{said}")
    return _table(words, rows, texts=1) + f'<p class="soft">{both(note)}</p>'


def _table(headings: Sequence[Both], rows: Sequence[Sequence[str]], texts: int) -> str:
    right = " class=n"
    head = "".join(
        f'<th scope="col"{"" if at < texts else right}>{both(words)}</th>' for at, words in enumerate(headings)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{'' if at < texts else ' class=n'}>{escape(x)}</td>" for at, x in enumerate(row))
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _figure(mean: float, se: float) -> str:
    if math.isnan(mean):
        return ""
    return f"{mean:z.3f}" if math.isnan(se) else f"{mean:z.3f} ± {se:.3f}"
