"""Calendar months of the window, with the policy and market rates that were in force at their ends."""

import numpy as np

from sfbench.kit import Column, Table, calibration, calibration_numbers, code_list, dollar_parity, month_end, nullable

TABLE = Table(
    zh="月历",
    en="Calendar months with rates",
    stage="prelude",
    fixed_rows=72,
    row_bytes=70,
    key=("month",),
    measures=(0, 20),
    event_on="month",
    known_on="month",
    rows_by="2022-01-31",
    columns=(
        Column("month", "date", "月末", "Month end"),
        Column("lpr_1y", "rate", "一年期贷款市场报价利率", "Loan prime rate, one year", unit="%", low=0, high=10),
        Column(
            "lpr_5y", "rate", "五年期以上贷款市场报价利率", "Loan prime rate, over five years", unit="%", low=0, high=10
        ),
        Column(
            "relending_rate",
            "rate",
            "科技创新再贷款利率",
            "Sci-tech relending rate",
            unit="%",
            nullable=True,
            low=0,
            high=5,
        ),
        Column(
            "usd_cny",
            "rate",
            "美元兑人民币中间价",
            "US dollar in yuan, central parity",
            unit="CNY per USD",
            low=5,
            high=9,
        ),
        Column("plan_phase", "code", "方案阶段", "Phase of the action plan", values=code_list("plan_phase")),
        Column("projection", "flag", "是否预测期", "After the last published figures"),
    ),
)


FIRST_MONTH, MONTHS = 2022 * 12, 72
PLAN_STARTS = 2025 * 12 + 2  # published in March 2025 by eight bodies
LAST_PUBLISHED = 2025 * 12 + 11


def rows(block, needs, params, draw):
    """72 months, 2022-01 to 2027-12."""
    month = FIRST_MONTH + np.arange(MONTHS)
    ends = month_end(month)
    relending = _in_force("relending_rate", "rate", ends)
    return {
        "month": ends,
        "lpr_1y": _in_force("lpr", "lpr_1y", ends)[0],
        "lpr_5y": _in_force("lpr", "lpr_5y", ends)[0],
        "relending_rate": nullable(*relending),
        "usd_cny": dollar_parity(FIRST_MONTH, MONTHS) * 10,
        "plan_phase": (month >= PLAN_STARTS).astype(np.int64),
        "projection": month > LAST_PUBLISHED,
    }


def _in_force(name, column, ends):
    """(rate in 1e-5 percent, is there one) of a table of dated rates at month ends."""
    starts = np.array(calibration(name, "effective_from"), "datetime64[D]").astype(np.int64)
    rates = np.floor(calibration_numbers(name, column) * 1e5 + 0.5).astype(np.int64)
    place = np.searchsorted(starts, ends, side="right") - 1
    return np.where(place >= 0, rates[place], 0), place >= 0
