"""Ranking of banks: by what they are, not by what makes them look so."""

from sfbench.spec import Task

TASK = Task(
    zh="银行排名",
    en="Ranking of banks",
    asks_zh="每家银行一个分数，越高越好",
    asks_en="a score for each bank, the higher the better",
    answer="ranking",
    headline="tau",
)
