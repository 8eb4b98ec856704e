"""Indicators under bad reports: a figure of the plan, when what is reported is not what is."""

from sfbench.spec import Task

TASK = Task(
    zh="坏报表下的指标",
    en="Indicators under bad reports",
    asks_zh="给出指标的真值与区间；无法识别时可拒答",
    asks_en="the true figure with an interval, or that it is not identified",
    answer="estimate",
    headline="rmse",
)
