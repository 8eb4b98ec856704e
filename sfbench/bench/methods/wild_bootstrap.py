"""Two-way fixed effects with a wild cluster bootstrap."""

from sfbench.bench.kit import Method, panel, wild_bootstrap

METHOD = Method(
    zh="野聚类自助法",
    en="Wild cluster bootstrap",
    task="policy_effect",
    source="Cameron, Gelbach and Miller 2008",
)


def answer(con, card):
    """For few clusters; refuses a single treated one."""
    return wild_bootstrap(panel(con, card), level=card.level)
