"""Equal weights of figures between the worst bank and the best."""

from sfbench.bench.kit import Method, composite, equal, min_max, sound_indicators

METHOD = Method(
    zh="极差标准化",
    en="Min-max scores",
    task="bank_ranking",
    question="sound_lending",
    source="OECD and JRC 2008, Handbook, step 5",
    source_zh="经合组织与欧盟联合研究中心《综合指标构建手册》，2008年，第5步",
    naive=True,
)


def answer(con, card):
    """One wrong figure leaves no room for the others."""
    return composite(sound_indicators(con, card), equal, min_max)
