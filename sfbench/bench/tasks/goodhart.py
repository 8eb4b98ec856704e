"""Goodhart: whom to reward, once those who are scored know the score."""

from sfbench.spec import Task

TASK = Task(
    zh="考核反噬",
    en="Goodhart",
    asks_zh="每个键一个分数，越高越应奖励；分数公开后仍应反映真实表现",
    asks_en="a score for each key by what it really does, though it knows the published one; half is rewarded",
    answer="ranking",
    headline="regret",
)
