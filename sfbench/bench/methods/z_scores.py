"""Equal weights of standard scores."""

from sfbench.bench.kit import Method, composite, equal, sound_indicators

METHOD = Method(
    zh="Z 分数",
    en="Standard scores",
    task="bank_ranking",
    question="sound_lending",
    source="OECD and JRC 2008, Handbook, step 5",
    source_zh="经合组织与欧盟联合研究中心《综合指标构建手册》，2008年，第5步",
    naive=True,
)


def answer(con, card):
    """One wrong figure is most of the standard deviation."""
    return composite(sound_indicators(con, card), equal)
