"""Triple difference: what happens to tech firms beyond what happens to other small firms of the same areas."""

from sfbench.bench.kit import Method, panel, replace, twfe

METHOD = Method(
    zh="三重差分",
    en="Triple difference",
    task="policy_effect",
    question="tech_and_other_quarter",
    source="Gruber 1994; Olden and Moen 2022: a difference in differences of the gap within each area",
    source_zh="Gruber 1994；Olden和Moen 2022：各片区内差距的双重差分",
)


def answer(con, card):
    """Takes out whatever moves all small firms of an area alike, and whatever moves tech firms everywhere."""
    own, other = panel(con, card), panel(con, card, "y_other")
    return twfe(replace(own, y=own.y - other.y), level=card.level)
