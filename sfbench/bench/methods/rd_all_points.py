"""The jump at a floor, with everyone who lies near it."""

from sfbench.bench.kit import Method, floor_sample, regression_discontinuity

METHOD = Method(
    zh="断点回归(全部样本)",
    en="Regression discontinuity, all points",
    task="indicator",
    question="rate_at_floor",
    source="Hahn, Todd and van der Klaauw 2001",
    naive=True,
)


def answer(con, card):
    """Local linear on both sides within three points; nobody is supposed to choose the side."""
    return regression_discontinuity(floor_sample(con, card), bandwidth=3.0, level=card.level)
