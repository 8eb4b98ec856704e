"""Reports that the worst banks do not send."""

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, drop, months, values, worst_banks

FAULT = Fault(
    zh="差行隐匿报表",
    en="Reports withheld by the worst",
    level="table",
    visible=True,
    mechanisms=("banks of the highest bad-loan ratios of the year", "banks whose ratio has risen most over the year"),
    mechanisms_zh=("当年不良率最高的银行不报", "当年不良率上升最多的银行不报"),
    columns=0,
    tables=("bank_month",),
    asks=("event_day",),
    defaults={"worst": 0.3},  # the share of banks that have a reason
    withholds="value",
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """A bank that has a reason withholds the whole year, in every scope."""
    year_of_bank = values(rows.columns["institution_id"]) * 10_000 + months(rows) // 12
    reason = worst_banks(rows, wish.settings["worst"], risen=wish.mechanism == 2)
    return drop(rows, rows.pick_events(draw, year_of_bank, reason), group=year_of_bank)
