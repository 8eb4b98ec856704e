"""Before and after: the treated units' own change."""

from sfbench.bench.kit import Method, before_after, panel

METHOD = Method(
    zh="前后对比",
    en="Before and after",
    task="policy_effect",
    source="practice of progress reports",
    source_zh="工作进展报告的通行做法",
    naive=True,
)


def answer(con, card):
    """No comparison with anyone."""
    return before_after(panel(con, card), level=card.level)
