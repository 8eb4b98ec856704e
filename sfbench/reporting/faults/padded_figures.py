"""Figures that are cheap to move, moved up by the banks whose risk is worst."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Ints, Planted, Rows, Wish, change, months, values, worst_banks

FAULT = Fault(
    zh="差行指标注水",
    en="Cheap figures padded by the worst",
    level="cross",
    visible=True,
    mechanisms=("banks of the highest bad-loan ratios of the year", "banks whose ratio has risen most over the year"),
    mechanisms_zh=("当年不良率最高的银行虚增", "当年不良率上升最多的银行虚增"),
    columns=0,
    tables=("bank_month",),
    defaults={"worst": 0.3, "share": 0.1},  # banks that have a reason; of the loans to enterprises, for each figure
)

# The figures of a group count the same loans, so they move by one amount and the whole still holds its part.
GROUPS = (("tech_industry_loans", "tech_loans"), ("green_loans",), ("inclusive_loans",))
YUAN = 100  # cents; whole ones leave the decimals of a figure as they were


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Loans that are on the books are counted as tech, green and inclusive, too, in every month of the year.

    Within the report all adds up; the notes behind it do not.
    """
    year_of_bank = values(rows.columns["institution_id"]) * 10_000 + months(rows) // 12
    at = rows.pick_events(draw, year_of_bank, worst_banks(rows, wish.settings["worst"], risen=wish.mechanism == 2))
    loans, everything = (values(rows.columns[name])[at] for name in ("enterprise_loans", "all_loans"))
    cells = dict[str, Ints]()
    for group, names in enumerate(GROUPS):
        now = {name: values(rows.columns[name])[at] for name in names}
        share = wish.settings["share"] * (0.5 + draw.uniform("share", year_of_bank[at], group))
        room = everything - np.maximum.reduce(list(now.values()))
        extra = np.minimum((loans * share).astype(np.int64), room) // YUAN * YUAN
        extra *= np.minimum.reduce(list(now.values())) > 0  # nobody makes up a business that the bank does not have
        cells |= {name: figure + extra for name, figure in now.items()}
    return change(rows, at, cells, group=year_of_bank)
