"""Group-time effects with the base just before the start, whatever the card says: naive under anticipation."""

from sfbench.bench.kit import Method, callaway_santanna, panel, replace

METHOD = Method(
    zh="分组时间效应(默认基期)",
    en="Callaway-Sant'Anna, base just before the start",
    task="policy_effect",
    source="Callaway and Sant'Anna 2021; the default of its packages",
    source_zh="Callaway和Sant'Anna 2021；其软件包的默认设置",
    naive=True,
)


def answer(con, card):
    """Takes no notice of anticipation."""
    return callaway_santanna(replace(panel(con, card), anticipation=0), control="not_yet", level=card.level)
