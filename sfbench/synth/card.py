"""The card of a copy: what attacks gained, how like the original it is, what it is good for, and a verdict.

The verdict follows from `thresholds.yaml`, which whoever answers for the data may change. A figure without a threshold
is shown and not judged; a threshold without a figure (too few firms, a table that is not there) is said to be missing.
That an attack found nothing clears a copy only if it tried enough firms to find something.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.privacy import Outcome, attack_names
from sfbench.store.arrow import SYNTHETIC_MARK

Verdict = Literal["within", "beyond", "not judged"]
Section = Literal["privacy", "fidelity", "utility"]
CARD = "card of a synthetic copy"
DEFAULTS = Path(__file__).with_name("thresholds.yaml")
FIDELITY = {
    "marginal": ("Columns on their own (1: equal)", "单列分布(1为相同)"),
    "pair": ("Pairs of columns", "两列联合分布"),
    "three_way": ("Triples of columns", "三列联合分布"),
    "children": ("Rows of children by parent", "每个父记录的子记录数"),
    "total_ratio": ("Total of the first amount, copy over original", "首个金额合计之比(副本/原始)"),
    "top_ten_ratio": ("Share of the ten largest, copy over original", "前十大占比之比(副本/原始)"),
    "time_series": ("Events by month", "按月事件分布"),
    "risk_signal": (
        "Bad loans by size, guarantee, rate, product: slope on the original's (1: the same)",
        "按规模、担保、利率、产品分组的不良率对原始的斜率(1为一致)",
    ),
    "told_apart": ("Told apart by gradient boosting (0.5: not at all)", "梯度提升可区分程度(0.5为无法区分)"),
    "plan_metrics": ("Metrics of the action plan within 20 %", "行动方案指标偏差在20%以内的比例"),
    "sdmetrics_quality": ("quality, the mean of what follows", "质量分(以下各项的均值)"),
    "sdmetrics_column_shapes": ("column shapes", "单列形状"),
    "sdmetrics_column_pairs": ("column pair trends", "两列关联"),
    "sdmetrics_cardinality": ("cardinality of parents and children", "父子记录基数"),
    "sdmetrics_between_tables": ("inter-table trends", "跨表关联"),
}
UTILITY = {
    "default": ("Default: trained on the copy less on the original (AUC)", "违约预测：副本训练与原始训练的AUC之差"),
    "credit_access": ("Credit access: the same", "信贷可得性预测：同上"),
    "method_ranks": (
        "Methods of the bench in the order of the original (Kendall's tau-b; few pairs)",
        "评测方法在副本与原始数据上的排序一致性(肯德尔τ-b，方法对数较少)",
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the card. `limit` says in words what the threshold asks for; `seen_from` of an attack is the least
    risk that it would have shown four times of five.
    """

    section: Section
    name: str
    en: str
    zh: str
    value: float | None
    limit: str
    verdict: Verdict
    outcome: Outcome | None = None
    seen_from: float | None = None

    def record(self) -> dict[str, Any]:
        """Plain values for JSON."""
        names = ("section", "name", "en", "zh", "value", "limit", "verdict")
        plain = {name: getattr(self, name) for name in names}
        if self.outcome is None:
            return plain
        return plain | {"attack": self.outcome.record() | {"seen_from": self.seen_from}}


@dataclass(frozen=True, slots=True)
class Card:
    """`figures` by section; `about` names original, copy, method, firms, seed."""

    figures: tuple[Figure, ...]
    about: Mapping[str, Any]

    @property
    def safe(self) -> Verdict:
        """Of the privacy figures: beyond if one is, else not judged if one is."""
        return self._worst("privacy")

    @property
    def useful(self) -> Verdict:
        """Of the figures of fidelity and utility."""
        verdicts = [self._worst("fidelity"), self._worst("utility")]
        return "beyond" if "beyond" in verdicts else verdicts[0]

    def record(self) -> dict[str, Any]:
        """Plain values for JSON."""
        figures = [figure.record() for figure in self.figures]
        mark = {"en": "the copy is synthetic data", "zh": f"副本为{SYNTHETIC_MARK}"}
        return {
            "kind": CARD,
            "synthetic": mark,
            "about": dict(self.about),
            "privacy": self.safe,
            "fidelity_utility": self.useful,
            "figures": figures,
        }

    def _worst(self, section: Section) -> Verdict:
        found = [figure.verdict for figure in self.figures if figure.section == section]
        order: tuple[Verdict, ...] = ("beyond", "not judged", "within")
        if section != "privacy" and "within" in found:  # what could not be computed is no reason against use
            order = ("beyond", "within", "not judged")
        return next((verdict for verdict in order if verdict in found), "not judged")


def thresholds(path: Path | None = None) -> dict[str, dict[str, dict[str, float]]]:
    """Thresholds by section and figure. Raises SfbenchError for unknown words and values that are no numbers."""
    source = DEFAULTS if path is None else path
    try:
        read = yaml.safe_load(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SfbenchError("the thresholds cannot be read", where=str(source), why=str(error)) from error
    known = {"privacy": [*attack_names(), "canaries"], "fidelity": list(FIDELITY), "utility": list(UTILITY)}
    words = {
        "privacy": ("most_risk_low", "most_risk", "must_see"),
        "fidelity": ("least", "most"),
        "utility": ("least", "most"),
    }
    if not isinstance(read, dict):
        raise SfbenchError("the thresholds are a mapping of sections", where=str(source))
    for section, figures in read.items():
        if section not in known or not isinstance(figures, dict):
            raise SfbenchError(f"no section {section!r}", where=str(source), fix=did_you_mean(str(section), known))
        for name, limits in figures.items():
            if name not in known[section]:
                fix = did_you_mean(str(name), known[section])
                raise SfbenchError(f"no figure {name!r} in {section}", where=str(source), fix=fix)
            for word, limit in (limits if isinstance(limits, dict) else {"": None}).items():
                if word not in words[section] or isinstance(limit, bool) or not isinstance(limit, int | float):
                    why = f"{word}: {limit}"
                    raise SfbenchError(f"{name} takes {' and '.join(words[section])}", where=str(source), why=why)
    return {section: dict(figures) for section, figures in read.items()}


def of_attack(outcome: Outcome, limits: Mapping[str, float] | None) -> Figure:
    """The line of an attack; its value is the risk. Its words say why it is not judged."""
    shown = (limits or {}).get("most_risk_low", 0.0)
    seen_from = outcome.seen_from(shown)
    verdict, why = _verdict(outcome, limits, shown, seen_from)
    en, zh = (f"{outcome.en}: {why[0]}", f"{outcome.zh}：{why[1]}") if why else (outcome.en, outcome.zh)
    words = ", ".join(f"{word} {limit:g}" for word, limit in (limits or {}).items())
    return Figure("privacy", outcome.attack, en, zh, outcome.risk, words, verdict, outcome, seen_from)


def _verdict(
    outcome: Outcome, limits: Mapping[str, float] | None, shown: float, seen_from: float
) -> tuple[Verdict, tuple[str, str] | None]:
    """(verdict, why there is none in en and zh). What is shown is beyond, however few were tried."""
    if not limits:
        return "not judged", None
    if not outcome.tries:
        return "not judged", ("there is nothing to try", "无可尝试的对象")
    if outcome.risk_low > shown:
        return "beyond", None
    most = limits.get("most_risk", math.inf)
    if seen_from > limits.get("must_see", most):
        en = f"of {outcome.tries:,} tries a risk below {seen_from:.3f} would not have been seen for sure"
        return "not judged", (en, f"仅{outcome.tries:,}次尝试，低于{seen_from:.3f}的风险未必能发现")
    if outcome.risk > most:
        en = f"the estimate is above {most:g}, but of {outcome.tries:,} tries it may be chance"
        return "not judged", (en, f"估计值高于{most:g}，但在{outcome.tries:,}次尝试中可能出于偶然")
    return "within", None


def of_figure(section: Section, name: str, value: float, limits: Mapping[str, float] | None) -> Figure:
    """The line of a figure of fidelity or utility; NaN is shown as missing."""
    en, zh = (FIDELITY if section == "fidelity" else UTILITY)[name]
    known = None if math.isnan(value) else float(value)
    words = ", ".join(f"{word} {limit:g}" for word, limit in (limits or {}).items())
    verdict: Verdict = "not judged"
    if limits and known is not None:
        good = limits.get("least", -math.inf) <= known <= limits.get("most", math.inf)
        verdict = "within" if good else "beyond"
    return Figure(section, name, en, zh, known, words, verdict)


def worst(
    section: Section, name: str, by_top: Mapping[str, float], limits: Mapping[str, float] | None, several: bool
) -> Figure:
    """The line of the table at the top where a figure is worst, which its words name if there are several such tables.

    told_apart is the worse the higher it is, a gain the lower; tables whose figure is NaN do not say.
    """
    known = {top: value for top, value in by_top.items() if not math.isnan(value)}
    if not known:
        return of_figure(section, name, math.nan, limits)
    top = (max if name == "told_apart" else min)(known, key=known.__getitem__)
    line = of_figure(section, name, known[top], limits)
    return replace(line, en=f"{top}: {line.en}", zh=f"{top}：{line.zh}") if several else line


def missing(section: Section, name: str, limits: Mapping[str, float] | None, why: str, zh_why: str = "") -> Figure:
    """A figure that could not be worked out, and why."""
    if section == "privacy":
        en, zh = name.replace("_", " "), name
    else:
        en, zh = (FIDELITY if section == "fidelity" else UTILITY)[name]
    return Figure(section, name, f"{en}: {why}", f"{zh}：{zh_why or why}", None, "", "not judged")
