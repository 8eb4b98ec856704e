"""Allocation: where the next yuan does most, learned from a pilot."""

from sfbench.spec import Task

TASK = Task(
    zh="资源配置",
    en="Allocation",
    asks_zh="每个键一个分数，越高越应先投；按分数取前一半",
    asks_en="a score for each key, the higher the sooner it is funded; the better half by score is",
    answer="ranking",
    headline="regret",
)
