"""The four targets of the plan for the end of 2027: how far, when reached, and the growth gap month by month."""

from __future__ import annotations

from dataclasses import dataclass

from sfbench.metrics.latest import Series, finding_words, missed_a_month, target_words, value_words
from sfbench.metrics.output import judged_label
from sfbench.report.charts import Both
from sfbench.report.collect import Pieces
from sfbench.report.courses import course
from sfbench.report.figures import Figures
from sfbench.report.parts import Chart, Charts
from sfbench.words import Language, month, short_unit

# The targets of the action plan's general requirements, in its order: one figure each.
TARGETS = {
    "tech_enterprise_loan_growth_gap": "gap",
    "tech_industry_loan_balance": "balance",
    "tech_loan_balance": "balance",
    "fund_group_scale": "committed",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """One target: `state` is reached, not_reached or unknown."""

    metric: str
    name: Both
    value: Both
    when: str
    ahead: Both  # the last month, where it is another
    target: Both
    finding: Both
    state: str
    chart: Chart | None


def headlines(pieces: Pieces, latest: list[Series], figures: Figures, charts: Charts) -> list[Headline]:
    """A card for each target of which the figures are there."""
    found = {(one.metric, one.component): one for one in latest if one.cut == "total"}
    return [
        _headline(pieces, found[key], figures, charts)
        for key in TARGETS.items()
        if key in found and key[0] in pieces.metrics
    ]


def _headline(pieces: Pieces, one: Series, figures: Figures, charts: Charts) -> Headline:
    metric = pieces.metrics[one.metric]
    value = one.published_value if one.published_value is not None else one.last_value
    last = _measured(one, one.last_value)
    shown = one.published_value is not None
    return Headline(
        metric=metric.id,
        name=(judged_label(metric, "zh", one.component), judged_label(metric, "en", one.component)),
        value=_measured(one, value),
        when=month(pieces.published if shown else one.last_month),
        ahead=(f"{month(one.last_month)}推演：{last[0]}", f"projected for {month(one.last_month)}: {last[1]}")
        if shown and one.last_month != pieces.published
        else ("", ""),
        target=(target_words("zh", one.target, one.unit), target_words("en", one.target, one.unit)),
        finding=(finding_words("zh", one), finding_words("en", one)),
        state="not_reached" if missed_a_month(one) else one.status or "unknown",
        chart=course(pieces, metric, figures, charts),
    )


def _measured(one: Series, value: float | None) -> Both:
    """A value with its unit, which `value_words` gives where it has a sign."""
    return _with_unit("zh", one, value), _with_unit("en", one, value)


def _with_unit(lang: Language, one: Series, value: float | None) -> str:
    words, sign = value_words(lang, one, value), short_unit(lang, one.unit)
    return words if words.endswith(sign) else f"{words}{sign}"
