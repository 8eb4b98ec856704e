"""Interaction-weighted event study."""

from sfbench.bench.kit import Method, panel, sun_abraham

METHOD = Method(
    zh="Sun-Abraham 交互加权",
    en="Sun-Abraham",
    task="policy_effect",
    source="Sun and Abraham 2021",
)


def answer(con, card):
    """One base quarter for all cells; never-treated controls, or the last cohort."""
    return sun_abraham(panel(con, card), level=card.level)
