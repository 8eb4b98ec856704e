"""One HTML page that needs nothing else: ranking, robustness and a card for each bank, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from sfbench.assess.apply import Result
from sfbench.assess.scorecard import Card, Item
from sfbench.assess.writers.facts import Both, about, apart, exclusions, groups, not_always, robustness, score, shown
from sfbench.metrics.writers.file import write_file
from sfbench.words import Language, figure

CSS = Path(__file__).with_name("page.css")
# The language is switched without a script.
_SWITCH = "body:has(#zh:checked) .en, body:has(#en:checked) .zh { display: none; }\n"
_WIDE, _HIGH = 180, 14  # of a small bar
_MOVED = 3  # contributions named as those that moved


def save(result: Result, cards: Sequence[Card], path: Path, lang: Language, *, synthetic: bool) -> None:
    """Writes the page, which opens in `lang`. Raises SfbenchError if the folder does not exist."""
    write_file(path, lambda sink: sink.write(text(result, cards, lang, synthetic=synthetic).encode()))


def text(result: Result, cards: Sequence[Card], lang: Language, *, synthetic: bool) -> str:
    """The page."""
    method, now = result.method, result.now
    title = (method.title_zh, method.title_en)
    badge = "" if method.official else f'<span class="badge">{both(("非官方", "not official"))}</span> '
    parts = [
        '<div class="top">',
        f"<h1>{both(title)}</h1>",
        f'<div class="switch">{switch("zh", "中文", lang)} {switch("en", "English", lang)}</div>',
        "</div>",
        f'<p>{badge}<span class="soft">{escape(now.period)} · {escape(method.name)}</span></p>',
        _list(about(result, synthetic=synthetic)),
        f"<h2>{both(('排名', 'Ranking'))}</h2>",
        _wide(ranking(result, cards)),
        _section(("稳健性", "Robustness"), robustness(result)),
        _section(("未参评机构", "Banks that are not assessed"), [_joined(*pair) for pair in exclusions(result)]),
        f"<h2>{both(('评分卡', 'Scorecards'))}</h2>",
        *(card(result, one) for one in cards),
        _section(("流程", "Steps as they were taken"), [(step, step) for step in now.realised]),
    ]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    head += f"<title>{escape(title[lang == 'en'])}</title><style>{style()}</style>"
    return (
        f'<!doctype html>\n<html lang="{lang}"><head>{head}</head>\n<body>\n' + "\n".join(parts) + "\n</body></html>\n"
    )


def _wide(content: str) -> str:
    """What may be wider than a phone: it is moved by itself, and not the page."""
    return f'<div class="wide">{content}</div>'


def style() -> str:
    """The style of a page without a script."""
    return CSS.read_text(encoding="utf-8") + _SWITCH


def ranking(result: Result, cards: Sequence[Card]) -> str:
    """The table of all assessed banks."""
    kinds, last = groups(), max(card.rank for card in cards)
    most = max((abs(card.score) for card in cards), default=0)
    headings: list[Both] = [("名次", "Rank"), ("机构", "Bank"), ("类别", "Kind"), ("得分", "Score"), ("", "")]
    headings += [("等级", "Band"), ("名次区间", "Interval of ranks"), ("上年名次", "A year before")]
    head = "".join(f"<th>{both(words)}</th>" for words in headings)
    rows = []
    for card in cards:
        cells = [
            f'<td class="n">{card.rank}{"=" if card.tied else ""}</td>',
            f'<td><a href="#b{escape(card.unit)}">{both((card.zh, card.en))}</a></td>',
            f"<td>{both(kinds.get(card.group, (card.group, card.group)))}</td>",
            f'<td class="n">{score(result, card.score)}</td>',
            f"<td>{_bar(card.score, most)}</td>",
            f"<td>{both((card.band.zh, card.band.en)) if card.band else ''}</td>",
            f"<td>{_span(card, last)}</td>",
            f'<td class="n">{card.rank_before or "–"}</td>',
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><tr>{head}</tr>\n" + "\n".join(rows) + "\n</table>"


def card(result: Result, own: Card) -> str:
    """What makes the score of one bank, folded away."""
    summary = f"<summary>{headline(result, own)}</summary>"
    return f'<details id="b{escape(own.unit)}">{summary}{_wide(account(result, own))}</details>'


def headline(result: Result, own: Card) -> str:
    """Name, score, rank among the banks that are ranked together, and band."""
    count = sum(group == own.group or not apart(result) for group in result.now.groups)
    band = f" · {both((own.band.zh, own.band.en))}" if own.band else ""
    place = both((f"第{own.rank}名，共{count}家", f"rank {own.rank} of {count}"))
    return f"<b>{both((own.zh, own.en))}</b> {score(result, own.score)} · {place}{band}"


def account(result: Result, own: Card) -> str:
    """Intervals of the rank, the year before, rules that struck, and the contribution of every indicator."""
    lines: list[Both] = []
    if own.interval:
        low, median, high = own.interval
        zh, en = (
            f"名次区间{low}至{high}，中位数{median}",
            f"Rank {low} to {high} in nine of ten replicates, median {median}",
        )
        if share := not_always(own):
            zh, en = f"{zh}（仅在{share}的抽取中参评）", f"{en}, of the {share} that assess it"
        lines.append((zh, en))
    if own.bounds:
        zh, en = "因缺报可能的名次", "Ranks that missing figures leave open"
        lines.append((f"{zh}：{own.bounds[0]}至{own.bounds[1]}", f"{en}: {own.bounds[0]} to {own.bounds[1]}"))
    if own.score_before is not None and own.rank_before is not None:
        change, before = score(result, own.score - own.score_before), score(result, own.score_before)
        en = f"A year before: score {before}, rank {own.rank_before}; score changed by {change}"
        lines.append((f"上年得分{before}，名次{own.rank_before}；得分变动{change}", en))
    if own.moved:
        lines.append(_moved(result, own))
    lines += [(f"{zh}：{points:+g}", f"{en}: {points:+g}") for zh, en, points in own.adjustments]
    lines += [(f"触发底线：{zh}", f"Floor broken: {en}") for zh, en in own.vetoes]
    return f"{_list(lines)}{_items(result, own)}"


def _moved(result: Result, own: Card) -> Both:
    """The contributions that changed most in a year."""
    known = result.method.indicators
    parts = [(known[item.indicator], _signed(result, item.change or 0)) for item in own.moved[:_MOVED]]
    zh = "；".join(f"{one.zh}{change}" for one, change in parts)
    en = "; ".join(f"{one.en} {change}" for one, change in parts)
    return f"贡献较上年变动最大：{zh}", f"Contributions that moved most in a year: {en}"


def _items(result: Result, card: Card) -> str:
    words: list[Both] = [("指标", "Indicator"), ("数值", "Figure"), ("标准化", "Normalised"), ("权重", "Weight")]
    words += [("贡献", "Contribution"), ("（竖线：同业均值）", "(line: mean of banks)"), ("较上年", "In a year")]
    head = "".join(f"<th>{both(pair)}</th>" for pair in words)
    most = max(max(abs(item.contribution), abs(item.peers)) for item in card.items)
    rows = "\n".join(f"<tr>{_item(result, item, most)}</tr>" for item in card.items)
    total = _total(result, card) if result.now.additive else ""
    return f"<table><tr>{head}</tr>\n{rows}{total}\n</table>"


def _total(result: Result, card: Card) -> str:
    """What contributions sum to, and the score where bonus, deduction or a floor make it another."""
    base = sum(item.contribution for item in card.items)
    words = [(("合计", "Sum"), base)]
    if abs(base - card.score) > 1e-9 * max(abs(base), abs(card.score)):
        words.append((("得分（含加减分与底线）", "Score, with bonus, deduction and floors"), card.score))
    cells = (f'<td colspan="4">{both(name)}</td><td class="n">{score(result, value)}</td>' for name, value in words)
    return "".join(f'\n<tr>{cell}<td colspan="2"></td></tr>' for cell in cells)


def _item(result: Result, item: Item, most: float) -> str:
    own = result.method.indicators[item.indicator]
    value = both(shown(result, item.indicator, item.figure) if item.figure is not None else ("填补", "imputed"))
    change = "–" if item.change is None else _signed(result, item.change)
    return (
        f'<td>{both((own.zh, own.en))}</td><td class="n">{value}</td><td class="n">{figure(item.normalised)}</td>'
        f'<td class="n">{item.weight:.1%}</td><td class="n">{score(result, item.contribution)}</td>'
        f'<td>{_bar(item.contribution, most, item.peers)}</td><td class="n">{change}</td>'
    )


def _signed(result: Result, change: float) -> str:
    """A change of a contribution, in the digits of scores."""
    return f"{'+' if change >= 0 else ''}{score(result, change)}"


def _bar(value: float, most: float, mark: float | None = None) -> str:
    """A bar from the middle if any value may be below 0, else from the left; `mark` is a line."""
    scale = (_WIDE - 4) / most if most > 0 else 0
    width = max(abs(value) * scale, 1)
    line = "" if mark is None else _line(abs(mark) * scale, "peers", 0)
    kind = "bar" if value >= 0 else "less"
    return _svg(f'<rect class="{kind}" x="0" y="3" width="{width:.1f}" height="{_HIGH - 6}"/>{line}')


def _span(card: Card, last: int) -> str:
    """The interval of ranks, the best on the left, with the bank's own rank as a dot."""
    ends = card.interval and (card.interval[0], card.interval[2])
    ends = ends or card.bounds
    if ends is None:
        return ""
    most = max(last, ends[1], 2)

    def at(rank: int) -> float:
        return 4 + (rank - 1) / (most - 1) * (_WIDE - 8)

    middle = _HIGH / 2
    axis = f'<line class="axis" x1="4" x2="{_WIDE - 4}" y1="{middle}" y2="{middle}"/>'
    span = f'<line class="span" x1="{at(ends[0]):.1f}" x2="{at(ends[1]):.1f}" y1="{middle}" y2="{middle}"/>'
    dot = f'<circle class="dot" cx="{at(card.rank):.1f}" cy="{middle}" r="4"/>'
    return _svg(f"<title>{ends[0]}–{ends[1]}</title>{axis}{span}{dot}")


def _svg(inner: str) -> str:
    return f'<svg width="{_WIDE}" height="{_HIGH}" role="img">{inner}</svg>'


def _line(x: float, kind: str, top: float) -> str:
    return f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{_HIGH - top}"/>'


def switch(code: str, name: str, lang: Language) -> str:
    """The button that shows the page in a language."""
    checked = " checked" if code == lang else ""
    return f'<label><input type="radio" name="lang" id="{code}"{checked}> {name}</label>'


def _section(title: Both, lines: Iterable[Both]) -> str:
    shown = _list(lines)
    return f"<h2>{both(title)}</h2>\n{shown}" if shown else ""


def _list(lines: Iterable[Both]) -> str:
    shown = "\n".join(f"<li>{both(line)}</li>" for line in lines)
    return f"<ul>\n{shown}\n</ul>" if shown else ""


def _joined(name: Both, why: Both) -> Both:
    return f"{name[0]}：{why[0]}", f"{name[1]}: {why[1]}"


def both(words: Both) -> str:
    """Words in both languages, of which the page shows one."""
    if words[0] == words[1]:
        return escape(words[0])
    return f'<span class="zh">{escape(words[0])}</span><span class="en">{escape(words[1])}</span>'
