"""Loans that are on the books for a quarter end only."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, months, values

FAULT = Fault(
    zh="季末冲时点",
    en="Window dressing at quarter ends",
    level="statistical",
    visible=False,
    mechanisms=("bills bought for the quarter end", "loans to other institutions for the quarter end"),
    mechanisms_zh=("季末买入票据", "季末拆借给其他机构"),
    columns=0,
    tables=("bank_month",),
    defaults={"share": 0.05},  # of the loans to enterprises
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """What is added is in every total that it belongs to, so no sum gives it away."""
    month, bank = months(rows), values(rows.columns["institution_id"])
    at = rows.pick_events(draw, bank * 100_000 + month, month % 3 == 2)
    event = (bank * 100_000 + month)[at]
    share = wish.settings["share"] * (0.5 + draw.uniform("share", event))
    extra = (values(rows.columns["enterprise_loans"])[at] * share).astype(np.int64)
    inside = (
        ("bill_loans", "enterprise_loans_other", "enterprise_loans") if wish.mechanism == 1 else ("non_bank_loans",)
    )
    cells = {name: values(rows.columns[name])[at] + extra for name in (*inside, "all_loans")}
    return change(rows, at, cells, group=bank * 100_000 + month)
