"""Imputation with a base that lies a year or more before the start: nobody knows whether the last year was ordinary."""

from sfbench.bench.kit import Method, few_clusters, imputation, panel, replace

METHOD = Method(
    zh="基期避开前一年的插补法",
    en="Imputation, base a year before the start",
    task="policy_effect",
    source="Ashenfelter and Card 1985; Heckman and Smith 1999 on the dip before programmes",
    source_zh="Ashenfelter和Card 1985；Heckman和Smith 1999论项目开始前的下滑",
)

YEAR = 4  # quarters


def answer(con, card):
    """Less precise, and right also if units were chosen for what happened to them in the year before.

    Not identified with fewer than five treated clusters.
    """
    seen = panel(con, card)
    return few_clusters(seen) or imputation(replace(seen, anticipation=max(seen.anticipation, YEAR)), level=card.level)
