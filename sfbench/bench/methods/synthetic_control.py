"""Synthetic control with an intercept: donors whose weighted mean moved as the treated did. Naive after a dip."""

from sfbench.bench.kit import Method, panel, synthetic_control

METHOD = Method(
    zh="合成控制",
    en="Synthetic control",
    task="policy_effect",
    source="Abadie, Diamond and Hainmueller 2010; Ferman and Pinto 2021",
    naive=True,
)


def answer(con, card):
    """Levels may differ; after a dip of the treated it inherits their regression to the mean.

    It refuses most panels of areas, which is to claim nothing (S11: 190 of 200 null twins, and none of the others).
    """
    return synthetic_control(panel(con, card), intercept=True, level=card.level)
