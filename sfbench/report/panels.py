"""Districts as tiles, the chain of funds, who is passed on from equity to credit, and risk by stage."""

from __future__ import annotations

from collections.abc import Sequence

from sfbench.kit import vocabulary
from sfbench.report.charts import Both, Points, Spec, bars, stacked, tiles, trend
from sfbench.report.collect import Pieces
from sfbench.report.figures import Figures
from sfbench.report.names import caption, component, sign
from sfbench.report.parts import Chart, Charts, same

_DISTRICTS = (
    ("tech_loan_balance", "balance"), ("tech_enterprise_loan_balance", "balance"), ("access_rate", "rate"),
    ("relending_firm_coverage", "coverage"),
)  # fmt: skip
_CHAIN = ("seed", "angel", "growth", "merger")
_STAGES: dict[str, Both] = {
    "startup": ("初创期", "Startup"),
    "growth": ("成长期", "Growth"),
    "mature": ("成熟期", "Mature"),
    "unknown": ("未知", "Unknown"),
}
_RELAY: dict[str, Both] = {
    "angel": ("天使", "angel"),
    "venture": ("创投", "venture"),
    "pe": ("私募股权", "private equity"),
    "loan": ("贷款", "loan"),
    "market": ("上市或发债", "listing or bond"),
}
_RISK = (
    ("tech_npl_ratio", ("npl_ratio", "npl_ratio_all_notes", "overdue_90_ratio")),
    ("npl_formation_rate", ("rate", "rate_tech")),
    ("grade_migration", ("pass", "special_mention", "performing_to_npl")),
    ("exposure_concentration", ("largest_customer_ratio", "largest_group_ratio", "top10_share")),
)


def districts(pieces: Pieces, figures: Figures, charts: Charts) -> list[Chart]:
    """A map of tiles for each figure that is known by district, at the last published month."""
    english = dict(zip(vocabulary("district", "district_id"), vocabulary("district", "name_en"), strict=True))
    names = {en: (zh, en) for zh, en in zip(vocabulary("district", "name_zh"), english.values(), strict=True)}
    out = []
    for metric, name in _DISTRICTS:
        found = figures.at(metric, name, "district", pieces.published)
        values = {english[number]: value for number, value in found.items() if number in english}
        if values and metric in pieces.metrics:
            out.append(charts.add(_caption(pieces, metric, name), tiles(values, names, _unit(pieces, metric, name))))
    return out


def chain(pieces: Pieces, figures: Figures, charts: Charts) -> list[Chart]:
    """Money of funds by stage, how evenly it is spread, the share of firms passed on, and how long each pass takes."""
    out = []
    stages = [(_part(pieces, "fund_chain_balance", name), figures.total("fund_chain_balance", name)) for name in _CHAIN]
    if any(points for _, points in stages):
        words = ("各阶段基金投资额", "Invested by funds, by stage")
        out.append(charts.add(words, stacked(stages, _unit(pieces, "fund_chain_balance", "seed"))))
    out += _lines(pieces, figures, charts, "fund_chain_balance", ("entropy", "entropy_five", "entropy_group"))
    out += _lines(pieces, figures, charts, "relay_rate", ("rate", "rate_so_far", "rate_equity_first"))
    flow = [(("进入观察的企业", "Firms followed"), figures.total("relay_rate", "cohort")),
            (("获得接力融资", "Passed on"), figures.total("relay_rate", "passed"))]  # fmt: skip
    if all(points for _, points in flow):
        out.append(
            charts.add(
                ("接力融资：进入与接续的企业数", "Relay financing: firms in and passed on"),
                trend(flow, ("家", "firms")),
            )
        )
    waits = figures.at("relay_interval", "median", "stage_pair", pieces.published)
    if waits:
        rows = [(_pair(pair), value) for pair, value in sorted(waits.items(), key=lambda item: item[1])]
        out.append(
            charts.add(
                _caption(pieces, "relay_interval", "median"), bars(rows, _unit(pieces, "relay_interval", "median"))
            )
        )
    return out


def risk(pieces: Pieces, figures: Figures, charts: Charts) -> list[Chart]:
    """Bad loans, how they come about, where they move, and how concentrated lending is."""
    out: list[Chart] = []
    for metric, components in _RISK:
        out += _lines(pieces, figures, charts, metric, components)
    stages = figures.by("tech_npl_ratio", "npl_ratio", "stage")
    if stages and "tech_npl_ratio" in pieces.metrics:
        series = [(_STAGES.get(stage, same(stage)), points) for stage, points in stages.items()]
        zh, en = _part(pieces, "tech_npl_ratio", "npl_ratio")
        words = (f"{zh}：按企业阶段", f"{en}, by stage of the firm")
        out.append(charts.add(words, _dated(pieces, series, _unit(pieces, "tech_npl_ratio", "npl_ratio"))))
    return out


def _lines(pieces: Pieces, figures: Figures, charts: Charts, metric: str, components: tuple[str, ...]) -> list[Chart]:
    """A chart of the components that have figures; none if none has."""
    series = [(_part(pieces, metric, name), points) for name in components if (points := figures.total(metric, name))]
    if not series:
        return []
    own = pieces.metrics[metric]
    return [charts.add((own.zh, own.en), _dated(pieces, series, _unit(pieces, metric, components[0])))]


def _pair(text: str) -> Both:
    """Two stages, as in angel-venture."""
    names = [_RELAY.get(stage, same(stage)) for stage in text.split("-")]
    return "→".join(zh for zh, _ in names), " → ".join(en for _, en in names)


def _dated(pieces: Pieces, series: Sequence[tuple[Both, Points]], unit: Both) -> Spec:
    return trend(series, unit, published=pieces.published)


def _part(pieces: Pieces, metric: str, name: str) -> Both:
    part = component(pieces.metrics[metric], name)
    return part.zh, part.en


def _caption(pieces: Pieces, metric: str, name: str) -> Both:
    return caption(pieces.metrics[metric], name)


def _unit(pieces: Pieces, metric: str, name: str) -> Both:
    return sign(component(pieces.metrics[metric], name).unit)
