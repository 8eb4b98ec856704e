"""Defect detection: which rows of a feed are wrong."""

from sfbench.spec import Task

TASK = Task(
    zh="数据缺陷识别",
    en="Defect detection",
    asks_zh="每个键一个分数，越高越像有误；可另给判定",
    asks_en="a score for each key, the higher the likelier it is wrong; a verdict `flagged` may stand beside it",
    answer="marks",
    headline="f1",
)
