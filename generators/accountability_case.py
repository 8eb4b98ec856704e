"""Accountability cases: a bank asks whether its staff did their duty on a bad loan, and exempts them or not."""

import numpy as np

from sfbench.kit import ChoiceByRow, Column, Table, codes, day_number, month_of, nullable

TABLE = Table(
    zh="尽职免责认定",
    en="Accountability cases on bad loans",
    key=("case_id",),
    needs=("note", "bad_note", "bank_policy"),
    grows="loan",
    per_firm=0.0565,
    row_bytes=21,
    measures=(9,),
    event_on="opened_on",
    known_on="opened_on",
    rows_by="2025-03-31",
    columns=(
        Column("case_id", "key", "认定编号", "Case"),
        Column("loan_id", "key", "借据编号", "The borrower's first bad note at the bank", references="loan.loan_id"),
        Column("notes", "count", "涉及借据数", "Bad notes of the borrower at the bank", low=1),
        Column("npl_principal", "money", "不良贷款本金", "Their principal", unit="CNY", low=0.01),
        Column("opened_on", "date", "启动日期", "Opened on", low_on="2022-01-01", high_on="2027-12-31"),
        Column("decided_on", "date", "认定日期", "Decided on", nullable=True, known_on="decided_on"),
        Column(
            "outcome",
            "code",
            "认定结果",
            "Outcome",
            values=codes("exempted 免责 Exempted", "partly 部分免责 Partly exempted", "liable 追责 Held liable"),
            nullable=True,
            known_on="decided_on",
        ),
        Column(
            "ground",
            "code",
            "认定依据",
            "Ground",
            values=codes(
                "diligent 尽职合规 Duties done",
                "tolerance 不良容忍度以内 Within the NPL tolerance",
                "external 不可抗力或市场变化 Outside events",
                "procedure 流程瑕疵 Flaw in procedure",
                "investigation 贷前调查不实 Poor investigation",
                "monitoring 贷后管理不到位 Use of money not followed up",
                "misconduct 违规操作 Misconduct",
            ),
            nullable=True,
            known_on="decided_on",
        ),
    ),
)


EXEMPTED, PARTLY, LIABLE = range(3)
FIRST_MONTH = 2016 * 12
FIRST_DAY, LAST_DAY = (day_number(day) for day in ("2022-01-01", "2027-12-31"))
# Grounds that go with an outcome, exemption with and without a tolerance to plead: shares are priors.
GROUNDS = ChoiceByRow.of(
    [
        [0.70, 0.00, 0.30, 0, 0, 0, 0],
        [0.00, 0.00, 0.00, 0.7, 0.1, 0.2, 0],
        [0.00, 0.00, 0.00, 0, 0.4, 0.4, 0.2],
        [0.40, 0.45, 0.15, 0, 0, 0, 0],
    ]
)
WITH_TOLERANCE = 3  # row of GROUNDS


def rows(block, needs, params, draw):
    """At most one row a borrower and bank: all its notes there fall overdue on one day."""
    note, bad = needs["note"], needs["bad_note"]
    alive = np.flatnonzero((bad["substandard_on"] < bad["resolved_on"]) & (bad["owed"] > 0))
    at = bad["note"][alive]
    _, first, member = np.unique(note["row"][at] * 64 + note["bank"][at], return_index=True, return_inverse=True)
    case = alive[first]
    number = note["attempt"][bad["note"][case]]
    principal = np.zeros(len(case), np.int64)
    np.add.at(principal, member, bad["owed"][alive])
    opened_on = bad["substandard_on"][case] + draw.between("opened", number, 20, 180)
    turn = draw.uniform("case", number)
    inside = (opened_on >= FIRST_DAY) & (opened_on <= LAST_DAY)
    if block.index == 0 and inside.any():  # the first case of the first block is opened: no scale is without one
        turn[np.argmax(inside)] = 0.0
    p = params.at("accountability.opened", number >> 15, month_of(bad["substandard_on"][case]))
    keep = np.flatnonzero(inside & (turn < p))
    number, opened_on, at = number[keep], opened_on[keep], bad["note"][case[keep]]
    decided_on = opened_on + draw.between("decided", number, 30, 240)
    decided = decided_on <= LAST_DAY
    rule, tolerance = _policy(note["bank"][at], np.minimum(decided_on, LAST_DAY), needs["bank_policy"])
    p = params["accountability.exempt"] + params["accountability.rule_lift"] * rule
    partly = draw.chance("partly", number, params["accountability.partly"])
    outcome = np.where(draw.uniform("exempt", number) < p, EXEMPTED, np.where(partly, PARTLY, LIABLE))
    pleads = (outcome == EXEMPTED) & tolerance & note["tagged"][at]  # the tolerance is for tech loans
    ground = GROUNDS.at(np.where(pleads, WITH_TOLERANCE, outcome), draw.uniform("ground", number))
    return {
        "case_id": number,
        "loan_id": number,
        "notes": np.bincount(member, minlength=len(case))[keep],
        "npl_principal": principal[keep],
        "opened_on": opened_on,
        "decided_on": nullable(decided_on, decided),
        "outcome": nullable(outcome, decided),
        "ground": nullable(ground, decided),
    }


def _policy(bank, day, policy):
    """(has the bank a written exemption rule, has it a tolerance for tech loans) before the month of the day."""
    version = policy["_version"][bank, month_of(day) - 1 - FIRST_MONTH]
    return policy["exemption_rule"][version], policy["npl_tolerance"][version] > 0
