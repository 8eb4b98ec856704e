"""Two-way fixed effects with one dummy for treated."""

from sfbench.bench.kit import Method, panel, twfe

METHOD = Method(
    zh="双向固定效应",
    en="Two-way fixed effects",
    task="policy_effect",
    source="Goodman-Bacon 2021 on what it estimates",
    source_zh="Goodman-Bacon 2021论其所估计的对象",
)


def answer(con, card):
    """Right for one date and parallel trends.

    With two treated districts it claims too often (S6: 14 % of 100 null twins, at 5 % promised).
    """
    return twfe(panel(con, card), level=card.level)
