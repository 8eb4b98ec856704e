"""Scenarios: what each changes, plants and asks."""

from __future__ import annotations

import sfbench.content as content
from sfbench.bench.certify import stored
from sfbench.bench.instance import variants_of
from sfbench.spec import Lever, Scenario, Wish
from website.reference.markdown import both, code, facts, link, plain, table, words
from website.reference.places import BENCH, FAULTS, PARAMETERS, SCENARIOS, to_table


def pages() -> dict[str, str]:
    """One page."""
    found = [content.scenario(name) for name in content.scenario_names()]
    rows = [(link(SCENARIOS, SCENARIOS, code(s.name), s.name), plain(s.title_zh), plain(s.title_en)) for s in found]
    head = (
        f"# Scenarios 情景\n\n{len(rows)} worlds, one file each in `scenarios/`: the parameters that differ, levers "
        "(policies), planted faults, and perhaps a question for the [bench](bench.md). Your own stand in a folder that "
        f"`--content` names.\n\n共{len(rows)}个情景：改动的参数、政策杠杆、植入的差错，以及评测台的问题。\n\n"
    )
    return {SCENARIOS: head + table(("scenario 情景", "名称", "what"), rows) + "".join(map(_section, found))}


def _section(one: Scenario) -> str:
    changed = ", ".join(
        f"{link(SCENARIOS, PARAMETERS, code(name), name)} = {value:g}" for name, value in one.changed.items()
    )
    about = facts(
        [
            ("extends 承自", ", ".join(link(SCENARIOS, SCENARIOS, code(name), name) for name in one.chain[1:])),
            ("parameters 改动参数", changed),
        ]
    )
    caption = "".join(f"{words(text)}\n\n" for text in (one.caption, one.caption_zh) if text)
    title = f"## {one.name} {{ #{one.name} }}\n\n**{plain(one.title_zh)}** · {plain(one.title_en)}\n\n"
    return title + caption + about + _levers(one) + _faults(one) + _trial(one)


def _levers(one: Scenario) -> str:
    heads = ("lever 政策", "what 含义", "parameter 参数", "size 幅度", "by 单位", "budget 预算", "source 出处")
    return table(heads, [_lever(lever) for lever in one.levers])


def _lever(lever: Lever) -> tuple[str, ...]:
    size = f"{100 * lever.first:+g} %" if lever.way == "multiply" else f"{lever.first:+g}"
    return (
        code(lever.name),
        both(lever.zh, lever.en),
        code(lever.parameter),
        size,
        lever.unit,
        f"{lever.budget.cents / 100:,.0f} CNY, {code(lever.budget.of)}" if lever.budget else "",
        plain(lever.source),
    )


def _faults(one: Scenario) -> str:
    heads = ("fault 差错", "table 数据表", "columns 字段", "rate 比率", "at 环节")
    return table(heads, [_fault(wish) for wish in one.faults])


def _fault(wish: Wish) -> tuple[str, ...]:
    return (
        link(SCENARIOS, FAULTS, code(wish.fault), wish.fault),
        to_table(SCENARIOS, wish.table),
        ", ".join(map(code, wish.columns)),
        f"{wish.rate:g}",
        wish.at,
    )


def _trial(one: Scenario) -> str:
    trial = one.trial
    if trial is None:
        return ""
    claim = trial.claim
    made = stored(one.name)
    said = ""
    if claim is not None:
        said = (
            f"{code(claim.naive)} loses at least {claim.fails_by:g}, {code(claim.better)} at most {claim.within:g} "
            f"({claim.figure}, {claim.seeds} seeds from {claim.first_seed})"
        )
    state = "certified 已认证" if made is not None and made.holds else "experimental 试验"
    return facts(
        [
            ("question 问题", link(SCENARIOS, BENCH, code(trial.question), trial.question)),
            ("task card 任务卡", f"{words(trial.card_en)} {words(trial.card_zh)}"),
            ("variants 变体", ", ".join(map(code, variants_of(one)[2:]))),
            ("claim 断言", said),
            ("state 状态", f"[{state}](bench.md#certificates)" if claim is not None else state),
        ]
    )
