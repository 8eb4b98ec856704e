"""Standard scores after a look at the unit: a share above one is not believed."""

import numpy as np

from sfbench.bench.kit import Method, composite, equal, replace, sound_indicators

METHOD = Method(
    zh="先核单位再打分",
    en="Standard scores after a check of the unit",
    task="bank_ranking",
    question="sound_lending",
    source="edits before scoring: Fellegi and Holt 1976; design S14",
    source_zh="打分前的数据审核：Fellegi和Holt 1976；设计文档S14",
)


def answer(con, card):
    """A share above one is a slip of the unit by ten thousand; what is left is pulled in to 2.5 robust deviations."""
    found = sound_indicators(con, card)
    x = np.where(np.abs(found.x) > 1, found.x / 10_000, found.x)
    middle = np.median(x, axis=0)
    spread = 1.4826 * np.median(np.abs(x - middle), axis=0)
    return composite(replace(found, x=x.clip(middle - 2.5 * spread, middle + 2.5 * spread)), equal)
