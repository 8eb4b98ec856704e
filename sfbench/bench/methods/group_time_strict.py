"""Group-time effects, or none: a mean over cells of which some cannot be known is refused."""

from sfbench.bench.kit import Method, callaway_santanna, panel

METHOD = Method(
    zh="分组时间效应(不可识别则拒答)",
    en="Callaway-Sant'Anna, refusing what is not identified",
    task="policy_effect",
    source="Callaway and Sant'Anna 2021; Roth, Sant'Anna, Bilinski and Poe 2023",
)


def answer(con, card):
    """Says which cells have no control."""
    return callaway_santanna(panel(con, card), control="not_yet", unidentified="refuse", level=card.level)
