"""Two policies and their interaction at once, two-way fixed effects."""

from sfbench.bench.kit import Method, beside, factorial, panel

METHOD = Method(
    zh="双政策因子差分",
    en="Factorial difference in differences",
    task="policy_effect",
    source="Egami and Imai 2019 on factorial designs; Angrist and Pischke 2009",
)


def answer(con, card):
    """Of each policy beside the one asked about, the register gives the start.

    With two treated districts it claims too often (S6: 14 % of 100 null twins, at 5 % promised).
    """
    return factorial(panel(con, card), beside(con), level=card.level)
