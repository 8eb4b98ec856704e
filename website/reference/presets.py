"""Methods by which banks are assessed: indicators and every step of the chain."""

from __future__ import annotations

from sfbench.assess.find import find_method, method_files
from sfbench.assess.kinds import kinds
from sfbench.assess.spec import Indicator, Method
from sfbench.metrics import catalogue
from website.reference.markdown import both, code, facts, plain, table
from website.reference.places import PRESETS, to_metric


def pages() -> dict[str, str]:
    """One page."""
    found = [find_method(name) for name in method_files()]
    head = (
        f"# Methods of assessment 评价方法\n\n{len(found)} presets of `sfbench assess`, one YAML file each; a method "
        "of your own is a file of the same shape. None is an official scorecard unless it says so: what was not found "
        f"in public is named in each. `sfbench assess`的{len(found)}种评价方法；未公开的内容逐项说明。\n\n"
    )
    measures = {metric.id: metric.measure for metric in catalogue().choose(None, None)}
    return {PRESETS: head + "".join(_section(one, measures) for one in found) + _steps()}


def _steps() -> str:
    """What a method of one's own may name."""
    rows = []
    for one in kinds():
        takes = [code(f"{name}: {form}".replace(" | ", " or ")) for name, form in one["options"].items()]
        what = both(one["zh"] + one["caption_zh"], f"{one['en']} {one['caption']}")
        rows.append((code(one["name"]), "<br>".join(takes), what))
    head = (
        "Every step of a method is one of these, with all of its options named (`sfbench list steps`). 每个步骤取其一。"
    )
    title = "## Steps and their options 步骤与选项 { #steps }"
    return f"{title}\n\n{head}\n\n" + table(("step 步骤", "options 选项", "what 作用"), rows)


def _section(one: Method, measures: dict[str, int]) -> str:
    others = [f"{step}: {', '.join(map(str, choices))}" for step, choices in one.alternatives.items()]
    about = facts(
        [
            ("source 出处", "<br>".join(plain(text) for text in (one.source, one.source_zh) if text)),
            ("confidence 可信度", one.confidence),
            ("official 官方", "yes 是" if one.official else "no 否"),
            ("period 周期", one.period),
            ("steps 步骤", ", ".join(code(step) for step in one.pipeline())),
            ("alternatives 可选", code("; ".join(others))),
        ]
    )
    rows = [_indicator(name, found, measures) for name, found in one.indicators.items()]
    heads = ("indicator 指标", "what 含义", "metric 来源", "pillar 类别", "direction 方向", "role 作用")
    title = f"## {one.name} {{ #{one.name} }}\n\n**{plain(one.title_zh)}** · {plain(one.title_en)}\n\n"
    captions = "".join(f"{plain(text)}\n\n" for text in (one.caption, one.caption_zh) if text)
    return title + captions + about + table(heads, rows)


def _indicator(name: str, one: Indicator, measures: dict[str, int]) -> tuple[str, ...]:
    source = to_metric(PRESETS, one.metric, measures[one.metric]) if one.metric in measures else code(one.metric)
    over = f" / `{'.'.join(one.over)}`" if one.over else ""
    metric = f"{source} {code(one.component)}{over}"
    return code(name), both(one.zh, one.en), metric, plain(one.pillar), one.direction, one.role
