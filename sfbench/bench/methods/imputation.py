"""Imputation of what the treated would have been."""

from sfbench.bench.kit import Method, few_clusters, imputation, panel

METHOD = Method(
    zh="插补法",
    en="Imputation",
    task="policy_effect",
    source="Borusyak, Jaravel and Spiess 2024",
)


def answer(con, card):
    """Uses all untreated quarters but those of anticipation; not identified with fewer than five treated clusters."""
    seen = panel(con, card)
    return few_clusters(seen) or imputation(seen, level=card.level)
