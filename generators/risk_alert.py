"""Alerts that a bank's rules raise on its borrowers: on firms in distress, just before a default, and by mistake."""

from functools import cache

import numpy as np

from sfbench.kit import (
    ChoiceByRow,
    Column,
    Table,
    calibration,
    calibration_numbers,
    codes,
    day_in_month,
    day_number,
    month_end,
    nullable,
)

TABLE = Table(
    zh="风险预警",
    en="Risk alerts",
    key=("alert_id",),
    needs=("firm_month", "note"),
    grows="enterprise",
    per_firm=0.346,
    row_bytes=9.3,
    measures=(19,),
    event_on="raised_on",
    known_on="raised_on",
    rows_by="2023-03-31",
    columns=(
        Column("alert_id", "key", "预警编号", "Alert"),
        Column("enterprise_id", "key", "企业编号", "Borrower", references="enterprise.enterprise_id"),
        Column("institution_id", "key", "机构编号", "Bank that raised it", references="institution.institution_id"),
        Column(
            "rule",
            "code",
            "预警规则",
            "Rule that fired",
            values=codes(
                "CASH_FLOW 资金流下降 Fall of cash flow",
                "PAYMENT_DELAY 付息还本迟延 Delay of a payment",
                "TAX_ARREARS 欠税 Tax arrears",
                "STAFF_FALL 社保人数下降 Fall of insured staff",
                "LITIGATION 涉诉 Litigation",
                "RATING_FALL 内部评级下调 Fall of the internal rating",
            ),
        ),
        Column(
            "severity",
            "code",
            "预警等级",
            "Severity",
            values=codes("high 红色 High", "medium 橙色 Medium", "low 黄色 Low"),
        ),
        Column("raised_on", "date", "预警日期", "Raised on", low_on="2022-01-01", high_on="2027-12-31"),
        Column(
            "handled_on",
            "date",
            "处置日期",
            "Handled on",
            nullable=True,
            known_on="handled_on",
            high_on="2027-12-31",
        ),
        Column(
            "outcome",
            "code",
            "处置结论",
            "What the bank concluded",
            values=codes("confirmed 风险属实 Confirmed", "dismissed 排除 Dismissed"),
            nullable=True,
            known_on="handled_on",
        ),
    ),
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
WINDOW = 2022 * 12
YEARS = 6
NEVER = 1 << 40
LAST_DAY = day_number("2027-12-31")
SIGNAL, ARREARS, NOISE = range(3)
CONFIRMED, DISMISSED = 0, 1


def rows(block, needs, params, draw):
    """One row an alert, by firm and month; `_cause` (signal, arrears, noise) is handed on, not published."""
    found = [part(block, needs["firm_month"], params, draw) for part in (_signals, _arrears, _noise)]
    row, month, cause = (np.concatenate([part[place] for part in found]) for place in range(3))
    order = np.lexsort((cause, month, row))
    row, month, cause = row[order], month[order], cause[order]
    bank = _lender(needs["note"], row, month)
    keep = np.flatnonzero(bank >= 0)  # a bank watches its own borrowers
    row, month, cause, bank = row[keep], month[keep], cause[keep], bank[keep]
    firm = block.first + row
    cell = firm * 1024 + (month - WINDOW) * 4
    begin = np.flatnonzero(np.diff(cell, prepend=-1))
    number = cell + np.arange(len(cell)) - np.repeat(begin, np.diff(begin, append=len(cell)))
    rule = _rules().at(cause, draw.uniform("rule", number))
    severity = _severities().at(rule, draw.uniform("severity", number))
    raised_on = day_in_month(month, draw.uniform("day", number)).astype(np.int64)
    return {
        "alert_id": number,
        "enterprise_id": firm,
        "institution_id": bank + 1,
        "rule": rule,
        "severity": severity,
        "raised_on": raised_on,
        **_handling(number, raised_on, severity, cause, params, draw),
        "_cause": cause,
    }


def _signals(block, paths, params, draw):
    """Firms in distress: rows, months, cause. Nothing is raised between a default and its resolution."""
    cell = np.flatnonzero(paths["distress"])  # of all months: one flat search is faster than one by rows
    row, month = cell // MONTHS, cell % MONTHS + FIRST_MONTH
    inside = np.flatnonzero(month >= WINDOW)
    row, month = row[inside], month[inside]
    hit = draw.chance("signal", block.first + row, params.at("alert.signal", block.first + row, month), month)
    hit &= (month < paths["default_month"][row]) | (month > paths["resolved_month"][row])
    return row[hit], month[hit], np.full(int(hit.sum()), SIGNAL)


def _arrears(block, paths, params, draw):
    """The last months before a default."""
    default = paths["default_month"]
    bad = np.flatnonzero(default < NEVER)
    before = np.arange(1, int(params["alert.arrears_months"]) + 1)
    row = np.repeat(bad, len(before))
    month = default[row] - np.tile(before, len(bad))
    firm = block.first + row
    hit = (month >= WINDOW) & draw.chance("arrears", firm, params.at("alert.arrears", firm, month), month)
    return row[hit], month[hit], np.full(int(hit.sum()), ARREARS)


def _noise(block, paths, params, draw):
    """False alerts: at most one a firm and year, in a month without distress."""
    firm, year = block.firms[:, None], np.arange(YEARS)[None, :]
    u = draw.uniform("noise", firm, year)
    row, at = np.nonzero(u < 12 * params["alert.noise"])
    month = WINDOW + 12 * at + draw.below("noise_month", block.first + row, 12, at)
    sound = ~paths["distress"][row, month - FIRST_MONTH]
    sound &= (month < paths["default_month"][row]) | (month > paths["resolved_month"][row])
    return row[sound], month[sound], np.full(int(sound.sum()), NOISE)


def _lender(note, row, month):
    """Position of the bank with the largest note of the firm open at the month's end; -1 if there is none."""
    first, last = np.searchsorted(note["row"], row), np.searchsorted(note["row"], row, side="right")
    count = last - first
    of = np.repeat(np.arange(len(row)), count)
    at = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count) + first[of]
    end = month_end(month)[of]
    lent = (note["granted_on"][at] <= end) & (note["end_on"][at] > end)
    of, at = of[lent], at[lent]
    order = np.lexsort((note["amount"][at], of))
    bank = np.full(len(row), -1)
    bank[of[order]] = note["bank"][at[order]]  # the last one written, the largest, stays
    return bank


@cache
def _rules():
    assert [code.code for code in TABLE.column("rule").values] == list(calibration("alert_rule", "rule"))
    causes = ("signal", "arrears", "noise")
    return ChoiceByRow.of(np.stack([calibration_numbers("alert_rule", cause) for cause in causes]))


@cache
def _severities():
    levels = [code.code for code in TABLE.column("severity").values]
    return ChoiceByRow.of(np.stack([calibration_numbers("alert_rule", level) for level in levels], axis=1))


def _handling(number, raised_on, severity, cause, params, draw):
    """When the bank handled the alert and what it concluded; later than the window or never: empty."""
    days = np.array([params[f"alert.days_{level}"] for level in ("high", "medium", "low")])
    lag = 1 + (draw.uniform("handle_lag", number) * (2 * days[severity] - 1)).astype(np.int64)
    handled = draw.chance("handled", number, params["alert.handled"]) & (raised_on + lag <= LAST_DAY)
    right = np.where(cause == NOISE, params["alert.confirmed_noise"], params["alert.confirmed_signal"])
    outcome = np.where(draw.chance("confirmed", number, right), CONFIRMED, DISMISSED)
    return {"handled_on": nullable(raised_on + lag, handled), "outcome": nullable(outcome, handled)}
