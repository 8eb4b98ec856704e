"""Early warning of default: who will fail, from what is known before."""

from sfbench.spec import Task

TASK = Task(
    zh="违约早期预警",
    en="Early warning of default",
    asks_zh="每个键一个分数，越高越可能违约",
    asks_en="a score for each key, the higher the likelier it defaults",
    answer="marks",
    headline="auc",
)
