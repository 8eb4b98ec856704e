"""The arithmetic mean of what banks report: a strong figure makes up for any weak one."""

from sfbench.bench.kit import Method, composite, equal, graded_indicators, percentile

METHOD = Method(
    zh="算术平均",
    en="Arithmetic mean",
    task="bank_ranking",
    question="graded_banks",
    source="OECD and JRC 2008, Handbook, step 7",
    source_zh="经合组织与欧盟联合研究中心《综合指标构建手册》，2008年，第7步",
    naive=True,
)


def answer(con, card):
    """Percentiles of three shares and of risk, weighing alike."""
    return composite(graded_indicators(con, card), equal, percentile)
