"""Linkage: which rows of which registers are one and the same, and which first loans are first."""

from sfbench.spec import Task

TASK = Task(
    zh="记录关联",
    en="Linkage and first-loan truth",
    asks_zh="每个键一个分数，越高越可能为同一笔；可另给判定",
    asks_en="a score for each key, the higher the likelier it is one that was there before; `flagged` is the verdict",
    answer="marks",
    headline="f1",
)
