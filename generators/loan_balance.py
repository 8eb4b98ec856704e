"""Loan notes at month ends: the monthly ones of the standard's 32 fields and the borrower's tech flag."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    code_list,
    lpr_path,
    month_end,
    month_of,
    nullable,
    spans,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="存量单位贷款信息",
    en="Outstanding loan notes by month",
    key=("month", "loan_id"),
    needs=("note", "note_month", "tag_month", "firm_month"),
    grows="loan",
    per_firm=88.8,
    row_bytes=3.9,
    measures=(0, 1, 7, 19, 20),
    event_on="month",
    known_on="month",
    rows_by="2022-01-31",
    columns=(
        Column("month", "date", "月末", "Month end", references="month.month"),
        Column("loan_id", "key", "借据编号", "Loan note", references="loan.loan_id"),
        Column(
            "balance",
            "money",
            "贷款余额",
            "Balance in its currency",
            unit="currency",
            standard="DKYE",
            low=0.01,
            privacy="sensitive",
        ),
        Column(
            "balance_rmb",
            "money",
            "贷款余额折人民币",
            "Balance in yuan",
            unit="CNY",
            standard="DKYEZRMB",
            low=0.01,
            privacy="sensitive",
        ),
        Column(
            "rate", "rate", "利率水平", "Rate in force", unit="%", standard="LLSP", low=0, high=24, privacy="sensitive"
        ),
        Column("grade", "code", "贷款质量", "Five-grade class", standard="DKZL", values=code_list("grade")),
        Column("status", "code", "贷款状态", "Status", standard="DKZT", values=code_list("status")),
        Column(
            "overdue_kind",
            "code",
            "逾期类型",
            "What is overdue",
            standard="YQLX",
            values=code_list("overdue_kind"),
            nullable=True,
        ),
        Column(
            "overdue_days",
            "count",
            "逾期天数",
            "Days overdue at the month end, 0 if none",
            unit="day",
            low=0,
            high=3650,
        ),
        Column("extended_due_on", "date", "贷款展期到期日期", "Extended due date", standard="DKZQDQRQ", nullable=True),
        Column(
            "tech_enterprise",
            "flag",
            "是否科技型企业贷款",
            "Borrower holds a published, valid, in-scope tag at the month end",
        ),
        Column("list_version", "count", "名单版本", "Year of the list edition used for the flag", low=2021, high=2027),
    ),
)


FIRST_MONTH, MONTHS = 2016 * 12, 144
WINDOW = 2022 * 12
NEW_GRADES = 2023 * 12 + 6  # the rules in force since 2023-07
IN_SCOPE = 1
FIRST_YEAR = 2015  # of the yearly arrays of firm_month
TENGFEI_1 = vocabulary("product", "code").index("tengfei_1")
ANNIVERSARIES = 6  # of the longest note of that product and its extension
LEAST_RATE, BASIS_POINT = 50_000, 1_000  # in 1e-5 percent
NORMAL, EXTENDED, OVERDUE = range(3)


def rows(block, needs, params, draw):
    """One row a note and month end with a balance; `_note` and `_month` are handed on, not published."""
    note, panel = needs["note"], needs["note_month"]
    # A note that was open before the window has one month end more in the panel.
    before = (panel["month"].take(panel["start"]) < WINDOW).astype(np.int64)
    length = panel["length"] - before
    keep, runs = spans(panel["start"] + before, length), (np.cumsum(length) - length, length)
    index, month = np.repeat(np.arange(len(length)), length), panel["month"].take(keep)
    at, months = (month - WINDOW).astype(np.int64), WINDOW + np.arange(72)
    ends = month_end(months).take(at)
    held = needs["tag_month"]["held"].reshape(-1)
    place = (note["row"] * MONTHS + WINDOW - FIRST_MONTH).take(index) + at
    columns = {
        "month": ends,
        "loan_id": note["attempt"].take(index),
        "balance": panel["balance"].take(keep),
        "balance_rmb": panel["balance_rmb"].take(keep),
        "rate": _rate(note, runs, index, month, needs["firm_month"]["revenue"], params),
        "tech_enterprise": (held.take(place) & IN_SCOPE).astype(bool),
        "list_version": (months // 12 - (months % 12 < 3)).take(at),
        "_note": index,
        "_month": at,
    }
    return columns | _quality(note, runs, index, month, ends, place, panel["paid"].take(keep), needs, params, draw)


def _rate(note, runs, index, month, revenue, params):
    """Fixed rates stay; on each anniversary floating ones follow the LPR, Tengfei 1.0 the firm's growth too."""
    rate = note["rate"].take(index)
    start, length = runs
    granted = month_of(note["granted_on"])
    first_year = np.maximum(granted + 12 - np.maximum(granted, WINDOW), 0)  # its month ends in the window
    floats = np.flatnonzero(note["floating"] & (length > first_year))  # few: most notes end within their first year
    some = spans((start + first_year)[floats], (length - first_year)[floats])
    at, when = index.take(some), month.take(some)
    anniversary = when - (when - granted.take(at)) % 12
    short, long = lpr_path("lpr_1y", FIRST_MONTH, MONTHS), lpr_path("lpr_5y", FIRST_MONTH, MONTHS)
    now = np.where(
        (note["tenor"] >= 60).take(at), long.take(anniversary - FIRST_MONTH), short.take(anniversary - FIRST_MONTH)
    )
    rate[some] = np.maximum(rate.take(some) + now - note["lpr"].take(at), LEAST_RATE)

    tied = np.flatnonzero((note["product"] == TENGFEI_1) & (length > first_year))
    length = (length - first_year)[tied]
    some, of = spans((start + first_year)[tied], length), np.repeat(np.arange(len(tied)), length)
    passed = (month.take(some) - granted[tied].take(of)) // 12
    steps = _growth_steps({name: note[name][tied] for name in ("row", "rate", "lpr")}, granted[tied], revenue, params)
    rate[some] = np.maximum(rate.take(some) + steps[of, np.minimum(passed, ANNIVERSARIES) - 1], LEAST_RATE)
    return rate


def _growth_steps(note, granted, revenue, params):
    """(notes, anniversaries): what the schedule has added to the rate by then, in 1e-5 percent.

    On an anniversary the rate steps down if the revenue of the last closed year met the mark, and up if it did not; the
    spread stays within the product's bounds.
    """
    year = (granted[:, None] + 12 * np.arange(1, ANNIVERSARIES + 1)) // 12 - 1 - FIRST_YEAR  # the last closed one
    year = np.minimum(year, revenue.shape[1] - 1)
    row = note["row"][:, None]
    met = revenue[row, year] >= revenue[row, year - 1] * (1 + params["tengfei.growth_mark"] / 100)
    step = round(params["tengfei.rate_step"]) * BASIS_POINT
    bounds = (vocabulary_numbers("product", f"rate_spread_bp_{end}")[TENGFEI_1] for end in ("min", "max"))
    low, high = ((note["lpr"] - note["rate"] + int(bound) * BASIS_POINT)[:, None] for bound in bounds)
    return np.clip(np.cumsum(np.where(met, -step, step), axis=1), low, high)


def _rows(runs, notes):
    """The rows of the notes that are true."""
    start, length = runs
    some = np.flatnonzero(notes)
    return spans(start[some], length[some])


def _quality(note, runs, index, month, ends, place, paid, needs, params, draw):
    """Grade, status, arrears and extension; nearly all notes are sound, so only the others are worked out."""
    count = len(index)
    status = np.zeros(count, np.int8)
    days, extended_due = np.zeros(count, np.int64), np.zeros(count, np.int32)
    kind = np.zeros(count, np.int8)

    # Banks that watch: a borrower in distress is special mention there, in every note.
    distress = needs["firm_month"]["distress"].reshape(-1)
    watched = draw.chance(
        "special_mention", (note["attempt"] >> 15) * 64 + note["bank"], params["risk.special_mention"]
    )
    grade = (distress.take(place) & watched.take(index)).view(np.int8)

    some = _rows(runs, note["extended"])
    some = some[ends[some] >= note["due_on"][index[some]]]
    status[some] = EXTENDED
    extended_due[some] = note["final_due"][index[some]]
    observed = note["restructured"][index[some]] & (month[some] < month_of(note["due_on"])[index[some]] + 12)
    grade[some] = np.maximum(grade[some], observed & (month[some] >= NEW_GRADES))

    some = _rows(runs, note["impaired"])
    at = index[some]
    arrears = (ends[some] > note["overdue_on"][at]) & (ends[some] < note["resolved_on"][at])
    healed = ends[some] >= note["resolved_on"][at]
    observed = some[healed & (ends[some] < note["resolved_on"][at] + 365)]
    grade[observed] = np.maximum(grade[observed], 1)
    some, at = some[arrears], at[arrears]
    late = (ends[some] - note["overdue_on"][at]).astype(np.int64)
    days[some] = late
    by_days = np.searchsorted([0, 90, 270, 360], late, side="left").astype(np.int8)
    lenient = (month[some] < NEW_GRADES) & (late <= 30)  # before 2023-07 a few days overdue could stay pass
    grade[some] = np.maximum(grade[some], np.where(lenient, 0, by_days))
    status[some] = OVERDUE
    extended_due[some] = 0
    scheduled = (month[some] - month_of(note["granted_on"])[at]) // note["period"][at]
    missed = (scheduled > paid[some]) & ~((scheduled >= note["instalments"][at]) & (ends[some] < note["final_due"][at]))
    principal_only = missed & draw.chance("interest_paid", note["attempt"], 0.12)[at]
    kind[some] = np.where(principal_only, 0, np.where(missed, 2, 1))
    return {
        "grade": grade,
        "status": status,
        "overdue_kind": nullable(kind, days > 0),
        "overdue_days": days,
        "extended_due_on": nullable(extended_due, extended_due > 0),
    }
