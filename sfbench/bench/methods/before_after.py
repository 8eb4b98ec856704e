"""Before and after: the treated units' own change."""

from sfbench.bench.kit import Method, before_after

METHOD = Method(
    zh="前后对比",
    en="Before and after",
    task="policy_effect",
    source="practice of progress reports",
    naive=True,
)


def answer(panel, card):
    """No comparison with anyone."""
    return before_after(panel, level=card.level)
