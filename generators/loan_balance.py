"""Loan notes at month ends: the monthly ones of the standard's 32 fields and the borrower's tech flag."""

import numpy as np

from sfbench.kit import Column, Table, code_list, lpr_path, month_end, month_of, nullable, spans

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
        "rate": _rate(note, runs, index, month),
        "tech_enterprise": (held.take(place) & IN_SCOPE).astype(bool),
        "list_version": (months // 12 - (months % 12 < 3)).take(at),
        "_note": index,
        "_month": at,
    }
    return columns | _quality(note, runs, index, month, ends, place, panel["paid"].take(keep), needs, params, draw)


def _rate(note, runs, index, month):
    """Fixed notes keep their rate; floating ones follow the LPR on each anniversary."""
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
    rate[some] = np.maximum(rate.take(some) + now - note["lpr"].take(at), 50_000)
    return rate


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
