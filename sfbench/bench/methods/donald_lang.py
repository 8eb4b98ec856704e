"""Cluster means and a t of G - 2 degrees."""

from sfbench.bench.kit import Method, donald_lang, panel

METHOD = Method(
    zh="群组均值 t 检验",
    en="Donald-Lang",
    task="policy_effect",
    source="Donald and Lang 2007",
)


def answer(con, card):
    """For few clusters that start on one date."""
    return donald_lang(panel(con, card), level=card.level)
