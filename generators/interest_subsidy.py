"""Interest subsidies: what a borrower is entitled to for a period of a loan, within the firm's caps, and gets."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration,
    calibration_numbers,
    codes,
    day_number,
    month_end,
    month_of,
    month_start,
    nullable,
)

TABLE = Table(
    zh="贷款贴息",
    en="Interest subsidies",
    key=("loan_id", "period_to"),
    needs=("note", "loan_balance", "fiscal_flag"),
    grows="loan",
    per_firm=0.055,
    row_bytes=30.5,
    measures=(1,),
    event_on="period_to",
    known_on="applied_on",
    rows_by="2027-12-31",
    columns=(
        Column("loan_id", "key", "借据编号", "Loan note", references="loan.loan_id"),
        Column("period_from", "date", "计息期起", "Period from", low_on="2022-01-01", high_on="2027-12-31"),
        Column("period_to", "date", "计息期止", "Period to", low_on="2022-01-01", high_on="2027-12-31"),
        Column(
            "scheme",
            "code",
            "贴息政策",
            "Scheme",
            values=codes(
                "central_equipment 设备更新贷款中央财政贴息 Central subsidy on equipment-renewal loans",
                "city_sme 市级科技型中小微企业贷款贴息 City subsidy for tech SMEs",
            ),
        ),
        Column(
            "interest",
            "money",
            "利息",
            "Interest: month-end balances of the period at the rate in force",
            unit="CNY",
            low=0,
        ),
        Column(
            "points",
            "rate",
            "贴息百分点",
            "Points taken off the rate (central)",
            unit="percentage point",
            nullable=True,
            low=0,
            high=5,
        ),
        Column("share", "rate", "贴息比例", "Share of the interest (city)", unit="%", nullable=True, low=0, high=100),
        Column("computed", "money", "测算贴息", "Subsidy before the firm's caps", unit="CNY", low=0),
        Column("entitled", "money", "应贴息", "Subsidy within the firm's caps", unit="CNY", low=0.01),
        Column("applied_on", "date", "申请日期", "Applied on", low_on="2022-01-01", high_on="2027-12-31"),
        Column("paid_on", "date", "拨付日期", "Paid on", nullable=True, known_on="paid_on"),
        Column("paid", "money", "拨付金额", "Paid", unit="CNY", nullable=True, low=0.01, known_on="paid_on"),
    ),
)


CENTRAL, CITY = 0, 1
WINDOW = 2022 * 12
POINT = 100_000
MILLION = 100_000_000  # cents
YEARLY = 120_000_000  # a balance times a yearly rate in 1e-5 percent, over this, is a month's interest
LAST_DAY = day_number("2027-12-31")


def rows(block, needs, params, draw):
    """One row a subsidised note and period: quarters of the central scheme, years of the city's."""
    note, panel, flag = needs["note"], needs["loan_balance"], needs["fiscal_flag"]
    months = _months(note, panel, flag, params)
    one = _periods(months)
    at, central = one["note"], flag["central"][one["note"]]
    number = note["attempt"][at]
    share = np.where(note["first_loan"][at], params["subsidy.city_share_first"], params["subsidy.city_share"])
    computed = np.where(central, one["by_points"], (one["interest"] * share / 100).astype(np.int64))
    entitled = np.where(central, computed, 0)
    city = np.flatnonzero(~central)
    caps = [int(params[f"subsidy.city_cap_{span}"] * MILLION) for span in ("year", "total")]
    entitled[city] = _capped(note["row"][at[city]], one["to"][city], number[city], computed[city], *caps)
    ends = month_end(one["to"]).astype(np.int64)
    wait = np.where(
        central, draw.between("apply", number, 5, 20, one["to"]), draw.between("apply_city", number, 45, 150)
    )
    applied_on = ends + wait
    lag = np.where(central, 25, 120) + draw.between("pay", number, 0, 60, one["to"])
    paid = draw.chance("paid", number, params["subsidy.paid"], one["to"]) & (applied_on + lag <= LAST_DAY)
    keep = np.flatnonzero((entitled > 0) & (applied_on <= LAST_DAY))
    columns = {
        "loan_id": number,
        "period_from": month_start(one["from"]),
        "period_to": ends,
        "scheme": np.where(central, CENTRAL, CITY),
        "interest": one["interest"],
        "computed": computed,
        "entitled": entitled,
        "applied_on": applied_on,
    }
    holes = {
        "points": (_points(note["granted_on"][at]), central),
        "share": ((share * POINT).astype(np.int64), ~central),
        "paid_on": (applied_on + lag, paid),
        "paid": (entitled, paid),
    }
    made = {name: column[keep] for name, column in columns.items()}
    return made | {name: nullable(values[keep], valid[keep]) for name, (values, valid) in holes.items()}


def _months(note, panel, flag, params):
    """Note, month, interest and points by month of the subsidised notes while nothing is overdue."""
    some = (flag["central"] | flag["city"])[panel["_note"]]
    some = np.flatnonzero(some)
    at, month = panel["_note"][some], panel["_month"][some].astype(np.int64) + WINDOW
    age = month - month_of(note["granted_on"][at])
    keep = (panel["overdue_days"][some] == 0) & (~flag["central"][at] | (age < params["subsidy.equipment_months"]))
    some, at, month = some[keep], at[keep], month[keep]
    balance = panel["balance_rmb"][some]
    step = np.where(flag["central"][at], 3, 12)
    return {
        "note": at.astype(np.int64),
        "month": month,
        "period": month // step,
        "interest": balance * panel["rate"][some] // YEARLY,
        "by_points": balance * _points(note["granted_on"][at]) // YEARLY,
    }


def _periods(months):
    """Months of one note and period summed: they follow each other."""
    key = months["note"] * 100_000 + months["period"]
    start = np.flatnonzero(np.diff(key, prepend=-1))
    end = np.append(start[1:], len(key)) - 1 if start.size else start
    sums = {
        name: np.add.reduceat(months[name], start) if start.size else months[name] for name in ("interest", "by_points")
    }
    return {"note": months["note"][start], "from": months["month"][start], "to": months["month"][end], **sums}


def _capped(row, to, number, amount, cap_year, cap_total):
    """What is left of each amount under the firm's cap a year and in all, served in order of period and note."""
    order = np.lexsort((number, to, row))
    year = row[order] * 10_000 + to[order] // 12
    served = _under(_under(amount[order], year, cap_year), row[order], cap_total)
    out = np.empty_like(served)
    out[order] = served
    return out


def _under(amount, group, cap):
    """Amounts cut so that the running sum of each group stops at the cap; members of a group stand together."""
    total = np.cumsum(amount)
    first = np.searchsorted(group, group)
    total -= (total - amount)[first]
    return np.minimum(total, cap) - np.minimum(total - amount, cap)


def _points(granted_on):
    """Points of the central subsidy by the day of the grant, 1e-5 percent."""
    starts, points = _steps()
    return points[np.searchsorted(starts, granted_on, side="right")]


@cache
def _steps():
    starts = np.array(calibration("equipment_subsidy", "granted_from"), "datetime64[D]").astype(np.int64)
    points = (calibration_numbers("equipment_subsidy", "points") * POINT + 0.5).astype(np.int64)
    return starts, np.concatenate(([0], points))
