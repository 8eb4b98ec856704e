"""What an estimator answers: a number with its uncertainty, or that the number is not identified."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sfbench.words import Language, pick


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An effect in the unit of the outcome. `se` is NaN where the inference has none; `p` tests an effect of 0."""

    value: float
    se: float
    low: float
    high: float
    p: float = math.nan
    notes: tuple[str, ...] = ()

    def covers(self, truth: float) -> bool:
        return self.low <= truth <= self.high

    @property
    def claims(self) -> bool:
        """The interval excludes an effect of 0."""
        return not self.covers(0.0)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The effect, or its uncertainty at the asked level, does not follow from the data under the assumptions."""

    en: str
    zh: str

    def reason(self, lang: Language) -> str:
        return pick(lang, self.en, self.zh)


NO_TREATED = Refusal("no unit is treated within the window", "窗口内没有受处理的单位")
NO_BASE = Refusal(
    "no treated unit has an untreated period before the anticipation", "受处理单位在预期期之前没有未处理的时期"
)
NO_CONTROL = Refusal(
    "no unit is untreated in a treated period: there is nothing to compare with",
    "处理期内没有任何未处理单位：没有可比对象",
)
ONE_TREATED = Refusal(
    "one cluster is treated: its own error cannot be estimated, and a test at the level would be void",
    "仅一个聚类受处理：其自身误差无法估计，检验无效",
)
ONE_CLUSTER = Refusal("a standard error needs at least two clusters", "标准误至少需要两个聚类")
STAGGERED = Refusal(
    "units are first treated on different dates: this estimator compares before and after one date",
    "处理起始日期不一致：该方法只比较单一日期前后",
)
