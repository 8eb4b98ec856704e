"""The card as one HTML page that needs nothing else, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from sfbench.synth.card import Card, Figure

STYLE = """
body { font: 15px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; margin: 2em auto;
       max-width: 60em; padding: 0 1em; color: #222; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3em .6em; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } tr { border-bottom: 1px solid #ddd; }
.within { color: #176b3a; } .beyond { color: #a11; font-weight: bold; } .soft { color: #666; }
.wide { overflow-x: auto; } td:last-child { white-space: nowrap; }
.bar { display: inline-block; height: .6em; background: #4472a8; }
body:has(#zh:checked) .en, body:has(#en:checked) .zh { display: none; }
"""
VERDICTS = {"within": ("within", "符合"), "beyond": ("beyond", "超出"), "not judged": ("not judged", "未判定")}
_TITLES = {"privacy": ("Privacy", "隐私"), "fidelity": ("Fidelity", "保真"), "utility": ("Utility", "效用")}
_SAFE = {
    "within": ("No attack gains more than the thresholds allow", "各项攻击所得均未超过阈值"),
    "beyond": (
        "Do not give this copy away: an attack gains more than the thresholds allow",
        "不得对外提供：有攻击所得超过阈值",
    ),
    "not judged": (
        "Safety cannot be judged: an attack that found nothing tried too few firms, or a table was not attacked",
        "无法判定安全性：未有发现的攻击尝试的企业过少，或有表未受攻击检验",
    ),
}
_USEFUL = {
    "within": ("Fidelity and utility reach the thresholds", "保真与效用达到阈值"),
    "beyond": ("Fidelity or utility falls short of a threshold", "保真或效用未达到阈值"),
    "not judged": ("Fidelity and utility are not judged", "保真与效用未判定"),
}
_READ = (
    "Risk: gain over the control, as a share of what there is to gain; intervals at 95 % each. Beyond: a gain is "
    "shown, at 95 % over all attacks together. Seen from: the least risk that so many tries show four times of five.",
    "风险：相对对照的所得占可得部分的比例；各区间为95%。超出：所得已在各项攻击合计95%的水平上得到证实。"
    "可发现的最小风险：以此尝试次数五次中有四次能证实的最小风险。",
)
_ABOUT = {
    "original": ("original", "原始数据"),
    "copy": ("copy", "副本"),
    "method": ("method", "方法"),
    "options": ("options", "选项"),
    "firms": ("firms", "企业"),
    "seed": ("seed", "种子"),
    "attacked": ("tables attacked", "受攻击检验的表"),
}
_FIRMS = (("{:,} learned", "被学习{:,}家"), ("{:,} in the copy", "副本{:,}家"), ("{:,} held out", "留出{:,}家"))
_MARK = ("The copy is synthetic data", "副本为合成数据")


def page(card: Card, lang: str) -> str:
    """The page, which opens in `lang`."""
    about = _about(card)
    title = " · ".join(words[lang == "zh"] for words in about)
    parts = [
        f"<p>{switch('zh', '中文', lang)} {switch('en', 'English', lang)}</p>",
        f"<h1>{both(('Card of a synthetic copy', '合成副本评估卡'))}</h1>",
        f'<p class="soft">{" · ".join(map(both, [*about, _MARK]))}</p>',
        f'<p class="{_word(card.safe)}">{both(_SAFE[card.safe])}</p>',
        f'<p class="{_word(card.useful)}">{both(_USEFUL[card.useful])}</p>',
        *(_section(card, section) for section in _TITLES),
    ]
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head = f'<meta charset="utf-8">{view}<title>{escape(title)}</title><style>{STYLE}</style>'
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="{lang}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _about(card: Card) -> list[tuple[str, str]]:
    """Of what the card is: (en, zh) of each fact that there is."""
    return [
        (f"{en}: {_said(key, value, 0)}", f"{zh}：{_said(key, value, 1)}")
        for key, (en, zh) in _ABOUT.items()
        if (value := card.about.get(key)) not in (None, "", {}, [])
    ]


def _said(key: str, value: Any, place: int) -> str:
    if key == "firms":  # none are held out where no attack could be judged
        return ("，" if place else ", ").join(words[place].format(n) for words, n in zip(_FIRMS, value, strict=False))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {one}" for name, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _section(card: Card, section: str) -> str:
    figures = [figure for figure in card.figures if figure.section == section]
    if section == "privacy":
        titles = [("attack", "攻击"), ("risk", "风险"), ("learned", "被学习"), ("control", "对照"), ("tries", "次数")]
        titles.append(("seen from", "可发现的最小风险"))
    else:
        titles = [("figure", "指标"), ("value", "数值")]
    titles += [("threshold", "阈值"), ("verdict", "判定")]
    head = "".join(f"<th>{both(title)}</th>" for title in titles)
    rows = "\n".join(f"<tr>{_cells(figure)}</tr>" for figure in figures)
    note = f'<p class="soft">{both(_READ)}</p>' if section == "privacy" else ""
    table = wide(f"<table><tr>{head}</tr>\n{rows}\n</table>")
    return f"<h2>{both(_TITLES[section])}</h2>\n{table}{note}"


def _cells(figure: Figure) -> str:
    cells = [f"<td>{both((figure.en, figure.zh))}</td>", f'<td class="n">{shown(figure.value)}</td>']
    if figure.outcome is not None:
        o = figure.outcome
        width = round(120 * min(o.risk, 1.0))
        cells[1] = f'<td class="n">{shown(o.risk)} <span class="bar" style="width:{width}px"></span></td>'
        cells += [
            _interval(o.value, o.low, o.high),
            _interval(o.control, o.control_low, o.control_high),
            f'<td class="n">{o.tries:,}</td>',
            f'<td class="n">{shown(figure.seen_from)}</td>',
        ]
    elif figure.section == "privacy":
        cells += ["<td></td>"] * 4
    word = VERDICTS[figure.verdict]
    return "".join(
        [*cells, f"<td>{escape(figure.limit)}</td>", f'<td class="{_word(figure.verdict)}">{both(word)}</td>']
    )


def _interval(value: float, low: float, high: float) -> str:
    return f'<td class="n">{shown(value)} <span class="soft">[{shown(low)}, {shown(high)}]</span></td>'


def shown(value: float | None) -> str:
    """Three decimals, or a dash; no `-0.000`."""
    return "-" if value is None else f"{round(value, 3) + 0.0:.3f}"


def _word(verdict: str) -> str:
    return verdict.replace(" ", "-")


def wide(table: str) -> str:
    """A table that scrolls by itself, so that the page stays as narrow as a phone."""
    return f'<div class="wide">{table}</div>'


def switch(code: str, name: str, lang: str) -> str:
    """A button of the language."""
    checked = " checked" if code == lang else ""
    return f'<label><input type="radio" name="lang" id="{code}"{checked}> {name}</label>'


def both(words: tuple[str, str]) -> str:
    """(en, zh), of which the page shows one."""
    en, zh = map(escape, words)
    return f'<span class="zh" lang="zh">{zh}</span><span class="en" lang="en">{en}</span>'
