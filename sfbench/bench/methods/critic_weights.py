"""CRITIC weights of indicators that repeat each other."""

from sfbench.bench.kit import Method, composite, critic, tech_indicators

METHOD = Method(
    zh="CRITIC 权重",
    en="CRITIC weights",
    task="bank_ranking",
    question="tech_performance",
    source="Diakoulaki, Mavrotas and Papayannakis 1995",
    naive=True,
)


def answer(con, card):
    """What is at odds with the others weighs more."""
    return composite(tech_indicators(con, card), critic)
