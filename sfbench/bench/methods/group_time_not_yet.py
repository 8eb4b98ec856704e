"""Group-time effects against units that are not yet treated."""

from sfbench.bench.kit import Method, callaway_santanna, panel

METHOD = Method(
    zh="分组时间效应(未处理对照)",
    en="Callaway-Sant'Anna, not-yet-treated controls",
    task="policy_effect",
    source="Callaway and Sant'Anna 2021",
)


def answer(con, card):
    """The base is the last quarter before the start and before anyone may react."""
    return callaway_santanna(panel(con, card), control="not_yet", level=card.level)
