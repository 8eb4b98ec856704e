"""What all forms of a result say alike, in both languages: (zh, en)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from sfbench.assess.apply import Result
from sfbench.assess.scorecard import Card
from sfbench.assess.uncertainty import Uncertainty
from sfbench.error_words import in_chinese
from sfbench.kit import code_list
from sfbench.words import confidence, figure, reason, short_unit

Both = tuple[str, str]
_STEPS_ZH = {
    "empty": "无数据指标",
    "missing": "缺失值",
    "outliers": "极端值",
    "normalise": "标准化",
    "peers": "同业组",
    "weights": "权重",
    "aggregate": "合成",
    "bands": "等级",
}


def about(result: Result, *, synthetic: bool) -> list[Both]:
    """What a reader must know before the figures."""
    method, lines = result.method, list[Both]()
    if synthetic:
        lines.append(("合成数据：不对应真实机构。", "Synthetic data: no row stands for a real bank."))
    if not method.official:
        lines.append(("仅作示例，非官方评价。", "An illustration, not an official assessment."))
    lines.append((method.caption_zh or method.caption, method.caption))
    source, level = method.source_zh or method.source, confidence("zh", method.confidence)
    lines.append((f"来源：{source}（可信度：{level}）", f"Source: {method.source} (confidence: {method.confidence})"))
    if result.data.projected:
        zh, en = f"{result.now.period}晚于已发布数据：数值为推演。", f"{result.now.period} is not published yet"
        lines.append((zh, f"{en}: its figures are a projection."))
    for name, why in result.data.missing.items():
        zh, en = _named(result, name)
        lines.append((f"缺少：{zh}，{reason('zh', why)}", f"Missing: {en}, {why}"))
    notes = [(_with_names(result, note.zh), _sentence(_listed(result, note.en))) for note in result.now.notes]
    lines += dict.fromkeys(notes)  # two rules may say the same of an indicator
    if apart(result):
        lines.append(("各同业组分别评价：名次为组内名次。", "Each peer group is assessed apart: ranks are within it."))
    if not result.now.additive:
        zh, en = "贡献仅供参考：此合成方法的得分不是各项之和。", "Contributions only indicate"
        lines.append((zh, f"{en}: a score of this aggregation is not their sum."))
    if result.no_before:
        zh = f"无上年可比结果：{_in_chinese(result.no_before)}"
        lines.append((zh, f"Nothing to compare with a year before: {result.no_before}"))
    return lines


def robustness(result: Result) -> list[Both]:
    """What the Monte Carlo analysis found."""
    own = result.uncertainty
    if own is None:
        return []
    count = len(own.shift)
    lines = [
        (
            f"{count:,}次随机抽取，实现{own.pipelines}种不同流程；名次区间为第5至第95百分位。",
            f"{count:,} replicates realised {own.pipelines} different pipelines; intervals run from the 5th to the "
            "95th percentile of ranks.",
        )
    ]
    if result.method.weight_spread:
        lines.append(_scattered(own, f"{result.method.weight_spread:.0%}"))
    least, largest = own.field
    if least < largest:
        zh, en = (
            f"参评机构数因流程而异（{least}至{largest}家）",
            f"From {least} to {largest} banks are assessed, by the pipeline",
        )
        lines.append((f"{zh}：名次区间只计本机构参评的抽取。", f"{en}: an interval is of the ranks where its bank is."))
    for refused in own.refused:
        zh, en = (f"{name} {refused.choice}" for name in (_STEPS_ZH.get(refused.step, refused.step), refused.step))
        lines.append((f"未采用（排名与{refused.like}相同）：{zh}", f"Refused, as it ranks like {refused.like}: {en}"))
    for failed in own.failed:
        name = ", ".join(failed.realised)
        lines.append(
            (
                f"{failed.replicates}次无法实现：{name}：{_in_chinese(failed.why)}",
                f"{failed.replicates} could not be realised: {name}: {failed.why}",
            )
        )
    if result.sobol:
        shares = [
            f"{first:.2f} / {total:.2f}" for first, total in zip(result.sobol.first, result.sobol.total, strict=True)
        ]
        en = "; ".join(map(" ".join, zip(result.sobol.names, shares, strict=True)))
        zh = "；".join(map(" ".join, zip((_STEPS_ZH.get(n, n) for n in result.sobol.names), shares, strict=True)))
        lines.append(
            (
                f"平均名次变动的Sobol指数（一阶/总）：{zh}",
                f"Sobol indices of the mean shift of ranks, first / total: {en}",
            )
        )
    elif result.no_sobol:
        lines.append((f"无Sobol指数：{_in_chinese(result.no_sobol)}", f"No Sobol indices: {result.no_sobol}"))
    for left in result.left_out:
        zh, en = _named(result, left.indicator)
        if left.why:
            why = _in_chinese(left.why)
            lines.append((f"去掉“{zh}”：无法评价（{why}）", f"Without {en}: cannot be assessed ({left.why})"))
        else:
            most = f"{left.largest:+d}"
            lines.append(
                (
                    f"去掉“{zh}”：名次平均变动{left.shift:.1f}，最大{most}（{result.data.zh[left.unit]}）",
                    f"Without {en}: ranks move by {left.shift:.1f} on average, at most {most} "
                    f"({result.data.en[left.unit]})",
                )
            )
    return lines


def _scattered(own: Uncertainty, share: str) -> Both:
    """In how many replicates weights were scattered: where each bank or group has its own, they stay."""
    done = 0 if own.weights is None else int(np.isfinite(own.weights).any(axis=1).sum())
    realised = int(np.isfinite(own.shift).sum())
    if not done:
        return (
            "各机构或各组权重不同，未作随机变动。",
            "No weight is scattered: banks or peer groups have weights of their own.",
        )
    zh, en = f"各权重在±{share}内随机变动", f"Each weight is scattered within plus and minus {share} of it"
    if done == realised:
        return f"{zh}。", f"{en}."
    return (
        f"{zh}（{done:,}次；其余各机构权重不同）。",
        f"{en}, in {done:,} replicates; in the others banks have their own.",
    )


def not_always(card: Card) -> str:
    """The share of replicates that assess a bank, where it is not all of them; never said as 0 % or 100 %."""
    if card.assessed is None or card.assessed == 1:
        return ""
    return f"{min(max(round(100 * card.assessed), 1), 99)} %"


def apart(result: Result) -> bool:
    """Whether each peer group has a ranking of its own."""
    return result.method.peers.kind == "apart"


def groups() -> dict[str, Both]:
    """Names of kinds of banks."""
    return {code.code: (code.zh, code.en) for code in code_list("bank_type")}


def measured(result: Result, name: str, value: float) -> tuple[float, str]:
    """A figure of an indicator and its unit; growth and market shares in per cent."""
    period = result.method.indicators[name].period
    of = {"growth": 1.0, "market_share": period.options.get("of", 1.0)}.get(period.kind)
    if of is not None:
        return 100 * value / of, "%"
    return value, result.data.unit[name] if result.method.indicators[name].transform.kind == "none" else ""


def shown(result: Result, name: str, value: float) -> Both:
    """A figure of an indicator with its unit."""
    value, unit = measured(result, name, value)
    text = figure(value, unit)
    if unit in ("", "count", "%", "percentage point"):  # `figure` writes the sign itself
        return figure(value, unit, "zh"), text
    return f"{text} {short_unit('zh', unit)}", f"{text}{short_unit('en', unit)}"


def exclusions(result: Result) -> list[tuple[Both, Both]]:
    """Banks that are not assessed, with the reason."""
    data = result.data
    kinds = {f"peer group {code}": (f"{zh}不参评", f"peer group {en}") for code, (zh, en) in groups().items()}
    return [
        ((data.zh[e.unit], data.en[e.unit]), kinds.get(e.en, (_with_names(result, e.zh), _listed(result, e.en))))
        for e in result.now.exclusions
    ]


def score(result: Result, value: float) -> str:
    """A score for people: as many digits as tell the scores of this method apart, four in all for the largest."""
    most = max((abs(own) for own in result.now.score.tolist()), default=0.0)
    digits = 4 if most < 1 else max(3 - int(math.log10(most) + 1e-9), 0)
    return f"{value:,.{digits}f}"


def _named(result: Result, name: str) -> Both:
    indicator = result.method.indicators[name]
    return indicator.zh, indicator.en


def _in_chinese(text: str) -> str:
    """What a step says of a failure: a reason, or an error with its reason or its period before it."""
    if (known := reason("zh", text)) != text or (known := in_chinese(text)) != text:
        return known
    for mark, zh in (("; ", "；"), (": ", "：")):
        first, sign, rest = text.partition(mark)
        if sign:
            return f"{_in_chinese(first)}{zh}{_in_chinese(rest)}"
    return text


def _listed(result: Result, en: str) -> str:
    """A note with English names for the keys of indicators and kinds of banks.

    Keys stand after its last colon (`key`, `key (count)`, `key is missing`), and a kind of banks before its first one.
    """
    kinds = {key: names[1] for key, names in groups().items()}
    group, colon, rest = en.partition(": ")
    if group in kinds:
        return f"{kinds[group]}: {_listed(result, rest)}"
    what, colon, keys = en.rpartition(": ")
    names = kinds | {key: indicator.en for key, indicator in result.method.indicators.items()}
    return what + colon + ", ".join(_known(names, part) for part in keys.split(", "))


def _known(names: Mapping[str, str], part: str) -> str:
    key, space, count = part.partition(" ")
    return names.get(key, key) + space + count if count in ("", "is missing") or count.startswith("(") else part


def _with_names(result: Result, zh: str) -> str:
    """A note with the Chinese names of indicators and kinds of banks for their keys."""
    known = {key: names[0] for key, names in groups().items()}
    known |= {key: indicator.zh for key, indicator in result.method.indicators.items()}
    return re.sub(r"[A-Za-z_]\w*", lambda key: known.get(key[0], key[0]), zh, flags=re.ASCII)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
