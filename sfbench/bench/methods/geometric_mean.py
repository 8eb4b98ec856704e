"""The geometric mean of what banks report: the weaker a figure, the less others make up for it."""

from functools import partial

from sfbench.bench.kit import Method, composite, equal, geometric, graded_indicators, percentile

METHOD = Method(
    zh="几何平均",
    en="Geometric mean",
    task="bank_ranking",
    question="graded_banks",
    source="OECD and JRC 2008, Handbook, step 7; Human Development Index since 2010",
    source_zh="经合组织与欧盟联合研究中心《综合指标构建手册》，2008年，第7步；2010年以来的人类发展指数",
)


def answer(con, card):
    """Percentiles of three shares and of risk, weighing alike; no percentile is 0, so none needs a floor."""
    return composite(graded_indicators(con, card), equal, percentile, partial(geometric, floor=0.0))
