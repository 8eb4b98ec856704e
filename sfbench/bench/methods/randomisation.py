"""Fisher's exact test over all ways to choose the treated clusters."""

from sfbench.bench.kit import Method, panel, randomisation

METHOD = Method(
    zh="随机化推断",
    en="Randomisation inference",
    task="policy_effect",
    source="Fisher 1935; design decision 6",
    source_zh="Fisher 1935；设计决定6",
)


def answer(con, card):
    """Refuses where no assignment can be significant."""
    return randomisation(panel(con, card), level=card.level)
