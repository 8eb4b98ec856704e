"""Two policies and their interaction at once, two-way fixed effects."""

from sfbench.bench.kit import Method, beside, factorial, few_clusters, panel

METHOD = Method(
    zh="双政策因子差分",
    en="Factorial difference in differences",
    task="policy_effect",
    source="Egami and Imai 2019 on factorial designs; Angrist and Pischke 2009",
    source_zh="Egami和Imai 2019论因子设计；Angrist和Pischke 2009",
)


def answer(con, card):
    """Of each policy beside the one asked about, the register gives the start.

    Not identified with fewer than five treated clusters.
    """
    seen = panel(con, card)
    return few_clusters(seen) or factorial(seen, beside(con), level=card.level)
