"""Weights by principal components of indicators that repeat each other."""

from functools import partial

from sfbench.bench.kit import Method, composite, pca, tech_indicators

METHOD = Method(
    zh="主成分权重",
    en="Weights by principal components",
    task="bank_ranking",
    question="tech_performance",
    source="Nicoletti, Scarpetta and Boylaud 2000",
    naive=True,
)


def answer(con, card):
    """What varies together weighs most, whatever it means."""
    return composite(tech_indicators(con, card), partial(pca, retain="explained_share", limit=0.8, rotation="varimax"))
