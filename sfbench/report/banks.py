"""The assessment of banks: the ranking, and a page for each bank, which is hidden until a reader chooses it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import duckdb
from markupsafe import Markup

from sfbench.assess.apply import Result
from sfbench.assess.indicators import CUT
from sfbench.assess.scorecard import Card
from sfbench.assess.writers.facts import about, exclusions, robustness
from sfbench.assess.writers.page import account, headline, ranking
from sfbench.report import names
from sfbench.report.charts import Both, trend
from sfbench.report.collect import Pieces
from sfbench.report.parts import Chart, Charts, Shared

_OTHERS = "others"  # the median of the assessed banks, as the page's script calls it
_SQL = """
SELECT metric, component, cut_value, CAST(period AS VARCHAR), value_city FROM long_table
JOIN (SELECT unnest($metrics) AS metric, unnest($components) AS component) USING (metric, component)
WHERE cut = $cut AND cut_value IN (SELECT unnest($banks)) AND isfinite(value_city)
ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class BankPage:
    """One assessed bank; `before` and `after` are its neighbours in the ranking, with their names."""

    unit: str
    head: Markup
    account: Markup
    charts: list[Chart]
    before: tuple[str, Both] | None
    after: tuple[str, Both] | None


@dataclass(frozen=True, slots=True)
class Banks:
    """The section of banks."""

    title: Both
    notes: list[Both]
    ranking: Markup
    pages: list[BankPage]
    left_out: list[Both]


def banks(pieces: Pieces, charts: Charts) -> Banks | None:
    """The section, best bank first; None if no method was applied or it assesses no bank."""
    result, cards = pieces.assessment, pieces.cards
    if result is None or not cards:
        return None
    shown = _charts(pieces, result, cards, charts)
    links = [(card.unit, (card.zh, card.en)) for card in cards]
    neighbours = zip([None, *links[:-1]], [*links[1:], None], strict=True)
    pages = [
        BankPage(
            unit=card.unit,
            head=Markup(headline(result, card)),
            account=Markup(account(result, card)),
            charts=[chart.of(card.unit) for chart in shown],
            before=before,
            after=after,
        )
        for card, (before, after) in zip(cards, neighbours, strict=True)
    ]
    return Banks(
        title=(result.method.title_zh, result.method.title_en),
        notes=[*about(result, synthetic=pieces.made is not None), *robustness(result)],
        ranking=Markup(ranking(result, cards)),
        pages=pages,
        left_out=[(f"{name[0]}：{why[0]}", f"{name[1]}: {why[1]}") for name, why in exclusions(result)],
    )


def _charts(pieces: Pieces, result: Result, cards: Sequence[Card], charts: Charts) -> list[Shared]:
    """A chart for each figure that the method looks at, of a bank beside the median of all that are assessed."""
    series: list[Both] = [("本行", "This bank"), ("参评机构中位数", "Median of assessed banks")]
    out = []
    for (metric, component), by_bank in _figures(pieces, result, cards).items():
        days = sorted({day for points in by_bank.values() for day in points})
        values = {bank: [_short(points.get(day)) for day in days] for bank, points in by_bank.items()}
        values[_OTHERS] = [_short(median(p[day] for p in by_bank.values() if day in p)) for day in days]
        own = pieces.metrics[metric]
        drawn = trend(
            [(name, ()) for name in series],
            names.sign(names.component(own, component).unit),
            published=pieces.published,
        )
        out.append(charts.each(names.caption(own, component), drawn, days, values))
    return out


def _figures(
    pieces: Pieces, result: Result, cards: Sequence[Card]
) -> Mapping[tuple[str, str], dict[str, dict[str, float]]]:
    """(metric, component) -> bank -> day -> value; in the order of the method, without what no bank has."""
    indicators = result.method.indicators.values()
    parts = dict.fromkeys(
        [(one.metric, one.component) for one in indicators] + [one.over for one in indicators if one.over]
    )
    found: dict[tuple[str, str], dict[str, dict[str, float]]] = {part: defaultdict(dict) for part in parts}
    asked = {
        "metrics": [metric for metric, _ in parts],
        "components": [component for _, component in parts],
        "cut": CUT,
        "banks": [card.unit for card in cards],
    }
    with duckdb.connect() as connection:
        connection.register("long_table", pieces.figures)
        for metric, component, bank, day, value in connection.execute(_SQL, asked).fetchall():
            found[metric, component][bank][day] = value
    return {part: by_bank for part, by_bank in found.items() if by_bank}


def _short(value: float | None) -> float | None:
    """Five digits are more than a chart shows."""
    return None if value is None else float(f"{value:.5g}")
