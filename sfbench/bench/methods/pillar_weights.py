"""Equal weights by pillar of indicators that repeat each other."""

from sfbench.bench.kit import Method, composite, hierarchical_equal, tech_indicators

METHOD = Method(
    zh="分层等权",
    en="Equal weights by pillar",
    task="bank_ranking",
    question="tech_performance",
    source="OECD and JRC 2008, Handbook, step 6",
    source_zh="经合组织与欧盟联合研究中心《综合指标构建手册》，2008年，第6步",
)


def answer(con, card):
    """Share, price, risk and size weigh alike."""
    return composite(tech_indicators(con, card), hierarchical_equal)
