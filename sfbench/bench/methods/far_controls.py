"""Imputation without the neighbours of the treated: what spills over to them is no one's baseline."""

from sfbench.bench.kit import UNTREATED, Method, few_clusters, imputation, near, panel

METHOD = Method(
    zh="剔除邻区的插补法",
    en="Imputation with far controls",
    task="policy_effect",
    source="Clarke 2017; Butts 2021; Borusyak, Jaravel and Spiess 2024",
)


def answer(con, card):
    """The direct effect; the register says whose neighbour is treated from when.

    Not identified with fewer than five treated clusters, or ten far ones.
    """
    seen = panel(con, card)
    far = seen.take(near(con) >= seen.periods)
    return few_clusters(far, untreated=UNTREATED) or imputation(far, level=card.level)
