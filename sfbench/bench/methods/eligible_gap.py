"""Tech firms against other small firms of the same, treated areas."""

import numpy as np

from sfbench.bench.kit import NEVER, Method, both_arms, replace, twfe

METHOD = Method(
    zh="科技与非科技差分",
    en="Tech against other firms of treated areas",
    task="policy_effect",
    question="tech_and_other_quarter",
    source="comparisons of a favoured sector with the rest",
    source_zh="受扶持行业与其余行业的比较",
    naive=True,
)


def answer(con, card):
    """Takes whatever moves tech firms everywhere for the policy's work."""
    seen, eligible = both_arms(con, card)
    inside = seen.take(seen.start < seen.periods)
    here = eligible[seen.start < seen.periods]
    return twfe(replace(inside, start=np.where(here, inside.start, NEVER)), level=card.level)
