"""A loan refinanced with more than its principal."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="再贷款超比例",
    en="Draw above share",
    level="cross",
    visible=True,
    mechanisms=("the amount drawn is too large", "the principal is understated"),
    mechanisms_zh=("再贷款发放额偏大", "借据本金偏小"),
    columns=0,
    tables=("relending_loan",),
    defaults={"most": 0.3},  # share of the principal by which they are apart
)

UNIT = 1_000_000  # cents: amounts move by whole ten thousands of yuan, or the last digits would betray them


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Amount above principal, by up to the share, for loans that were refinanced."""
    part = 1 + wish.settings["most"] * (1 - draw.uniform("part", rows.identity))
    principal, drawn = values(rows.columns["eligible_principal"]), values(rows.columns["refinanced_amount"])
    at = rows.pick(draw, filled(rows.columns["refinanced_amount"]))
    if wish.mechanism == 1:
        more = ((principal * part).astype(np.int64) - drawn) // UNIT + 1
        return change(rows, at, {"refinanced_amount": (drawn + more * UNIT)[at]})
    less = (principal - (drawn / part).astype(np.int64)) // UNIT + 1
    return change(rows, at, {"eligible_principal": np.maximum(principal - less * UNIT, principal % UNIT + 1)[at]})
