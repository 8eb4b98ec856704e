"""A flag that contradicts what it is derived from."""

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="标识与属性不符",
    en="Flag against attribute",
    level="cross",
    visible=True,
    mechanisms=("set where nothing supports it", "not set though it is due"),
    mechanisms_zh=("无依据而标", "应标而未标"),
    kinds=("flag",),
    at=("report", "source"),
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Padding, or its opposite."""
    name = wish.columns[0]
    flag = values(rows.columns[name])
    at = rows.pick(draw, filled(rows.columns[name]) & (flag == (wish.mechanism == 2)))
    return change(rows, at, {name: ~flag[at]})
