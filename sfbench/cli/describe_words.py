"""What `sfbench describe` says in Chinese: the names of facts, and words of ours that a fact may be."""

from __future__ import annotations

import re
from typing import Any

from sfbench.cli.list import LEVELS_ZH
from sfbench.cli.say import confidence, pick, unit
from sfbench.words import Language

_KEYS = {
    "kind": "类别",
    "name": "名称",
    "zh": "中文名",
    "en": "英文名",
    "key": "主键",
    "event_on": "发生日",
    "known_on": "知晓日",
    "measures": "举措",
    "covers": "一并发现",
    "measure": "举措",
    "period": "频率",
    "direction": "方向",
    "source": "来源",
    "target": "目标",
    "cuts": "分组",
    "needs": "依赖",
    "caption": "说明",
    "chain": "继承",
    "changed": "改动",
    "value": "取值",
    "low": "下限",
    "high": "上限",
    "unit": "单位",
    "confidence": "可信度",
    "note": "备注",
    "table": "数据表",
    "weight_spread": "权重变动幅度",
    "faults": "差错",
    "task": "任务",
    "card_zh": "结论卡",
    "card_en": "结论卡(英文)",
    "naive": "朴素方法",
    "level": "层级",
    "visible": "规则可见",
    "mechanism": "成因",
    "takes": "所需字段数",
    "kinds": "字段类型",
    "tables": "适用数据表",
    "at": "环节",
    "settings": "参数",
    "question": "问题",
}
# What a fact or a cell of a table may say, where it is a word of ours.
_WORDS = {
    "kind": {
        "table": "数据表",
        "metric": "指标",
        "method": "评价方法",
        "step": "评价步骤",
        "estimator": "评测台方法",
        "scenario": "情景",
        "parameter": "参数",
        "suite": "规则集",
        "fault": "差错",
    },
    "period": {"month": "月", "quarter": "季", "half": "半年", "year": "年"},
    "direction": {"up": "越高越好", "down": "越低越好", "none": "不分好坏"},
    "role": {"scored": "计分", "condition": "条件"},
    "severity": {"critical": "严重", "warning": "警告", "info": "提示"},
    "level": LEVELS_ZH,
}
# What an option of a step takes (`sfbench.assess.kinds.taken`), the longest words first.
_TAKES = (
    (r" at least ([\d.]+) and at most ([\d.]+)", r"（\1至\2）"),
    (r" at least ([\d.]+)", r"（不小于\1）"),
    (r" above ([\d.]+)", r"（大于\1）"),
    (r"\bwhole number\b", "整数"),
    (r"\bnumber\b", "数"),
    (r"\btext\b", "文本"),
    (r"\bscored indicator\b", "计分指标"),
    (r"\bindicator\b", "指标"),
    (r"\bpillar\b", "维度"),
)


def takes(words: str, lang: Language) -> str:
    """What an option of a step takes; values and keys as a method file writes them."""
    for en, zh in _TAKES if lang == "zh" else ():
        words = re.sub(en, zh, words)
    return words


def heading(key: str, lang: Language) -> str:
    """The name of a fact."""
    return pick(lang, key, _KEYS.get(key, key))


def word(key: str, value: Any, lang: Language) -> Any:
    """A value as people read it."""
    if isinstance(value, bool):
        return pick(lang, *("yes 是" if value else "no 否").split())
    if key == "confidence":
        return confidence(lang, value)
    if key == "unit":
        return unit(lang, value)
    return pick(lang, value, _WORDS.get(key, {}).get(value, value))
