"""Equal weights of indicators that repeat each other."""

from sfbench.bench.kit import Method, composite, equal, tech_indicators

METHOD = Method(
    zh="等权",
    en="Equal weights",
    task="bank_ranking",
    question="tech_performance",
    source="OECD and JRC 2008, Handbook, step 6",
    source_zh="经合组织与欧盟联合研究中心《综合指标构建手册》，2008年，第6步",
    naive=True,
)


def answer(con, card):
    """What is counted four times weighs four times."""
    return composite(tech_indicators(con, card), equal)
