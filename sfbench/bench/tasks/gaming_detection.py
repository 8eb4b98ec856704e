"""Gaming detection: who, or which loans, look better than they are."""

from sfbench.spec import Task

TASK = Task(
    zh="博弈行为识别",
    en="Gaming detection",
    asks_zh="每个键一个分数，越高越像博弈；可另给判定",
    asks_en="a score for each key, the higher the likelier it is gamed; a verdict `flagged` may stand beside it",
    answer="marks",
    headline="auc",
)
