"""Equal weights of percentiles."""

from sfbench.bench.kit import Method, composite, equal, percentile, sound_indicators

METHOD = Method(
    zh="百分位得分",
    en="Percentiles",
    task="bank_ranking",
    question="sound_lending",
    source="OECD and JRC 2008, Handbook, step 5",
    source_zh="经合组织与欧盟联合研究中心《综合指标构建手册》，2008年，第5步",
)


def answer(con, card):
    """Keeps only the order: a wrong figure is the first or the last, no more."""
    return composite(sound_indicators(con, card), equal, percentile)
