"""The gap between treated and never-treated units after the start."""

from sfbench.bench.kit import Method, panel, post_gap

METHOD = Method(
    zh="事后差距",
    en="Gap after the start",
    task="policy_effect",
    source="practice of rankings",
    source_zh="排名的通行做法",
    naive=True,
)


def answer(con, card):
    """No look at what lay between them before."""
    return post_gap(panel(con, card), level=card.level)
