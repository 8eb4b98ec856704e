"""Weights without repetition of indicators that repeat each other."""

from functools import partial

from sfbench.bench.kit import Method, composite, correlation_deduplicated, tech_indicators

METHOD = Method(
    zh="去相关权重",
    en="Weights without repetition",
    task="bank_ranking",
    question="tech_performance",
    source="OECD and JRC 2008, Handbook, step 6, on double counting",
    source_zh="经合组织与欧盟联合研究中心《综合指标构建手册》，2008年，第6步，重复计算",
)


def answer(con, card):
    """What is told four times counts about once."""
    return composite(tech_indicators(con, card), partial(correlation_deduplicated, threshold=0.5))
