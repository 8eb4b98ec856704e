"""Filings with the city's risk-compensation pool on loans that turned substandard, and what came of them."""

import numpy as np

from sfbench.kit import Choice, Column, Table, calibration_numbers, code_list, codes, day_number, month_of, nullable

TABLE = Table(
    zh="风险补偿申请",
    en="Claims on the city risk pool",
    key=("claim_id",),
    needs=("note", "loan", "bad_note", "fiscal_flag", "guarantee"),
    grows="loan",
    per_firm=0.0138,
    row_bytes=80,
    measures=(14,),
    event_on="filed_on",
    known_on="filed_on",
    rows_by="2027-12-31",
    columns=(
        Column("claim_id", "key", "申请编号", "Claim"),
        Column("loan_id", "key", "借据编号", "Loan note", references="loan.loan_id"),
        Column("substandard_on", "date", "评为次级日期", "Classed substandard on"),
        Column("filed_on", "date", "申请日期", "Filed on", low_on="2022-01-01", high_on="2027-12-31"),
        Column("npl_principal", "money", "不良贷款本金", "Principal of the bad loan", unit="CNY", low=0.01),
        Column(
            "net_principal",
            "money",
            "可补偿本金",
            "Principal less what a guarantor compensates",
            unit="CNY",
            low=0.01,
        ),
        Column("tilted", "flag", "是否倾斜支持", "Tech, first, IP-pledged or green loan granted from 2024 on"),
        Column("decided_on", "date", "审批日期", "Decided on", nullable=True, known_on="decided_on"),
        Column(
            "decision",
            "code",
            "审批结果",
            "Decision",
            values=codes("paid 同意补偿 Compensated", "refused 不予补偿 Refused"),
            nullable=True,
            known_on="decided_on",
        ),
        Column(
            "refusal_reason",
            "code",
            "不予补偿原因",
            "Reason for refusal",
            values=codes(
                "papers 材料不全 Papers incomplete",
                "use 贷款用途不符 Money diverted",
                "late 逾期申请 Filed too late",
                "registration 未按规定登记 Not registered in time",
            ),
            nullable=True,
            known_on="decided_on",
        ),
        Column(
            "share",
            "rate",
            "补偿比例",
            "Share compensated",
            unit="%",
            nullable=True,
            low=0,
            high=50,
            known_on="decided_on",
        ),
        Column("paid_on", "date", "拨付日期", "Paid on", nullable=True, known_on="paid_on"),
        Column("paid", "money", "补偿金额", "Compensation paid", unit="CNY", nullable=True, low=0, known_on="paid_on"),
        Column("recovered_on", "date", "返还日期", "Paid back on", nullable=True, known_on="recovered_on"),
        Column(
            "recovered",
            "money",
            "返还金额",
            "Paid back out of recoveries",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="recovered_on",
        ),
    ),
)


PAID, REFUSED = 0, 1
POINT = 100_000
MILLION = 100_000_000  # cents
FIRST_DAY, LAST_DAY, TILT, PLAN = (day_number(day) for day in ("2022-01-01", "2027-12-31", "2024-01-01", "2025-03-01"))
REASONS = Choice.of([0.4, 0.2, 0.2, 0.2])  # prior


def rows(block, needs, params, draw):
    """One row a filing; a bank files once for a loan."""
    note, bad = needs["note"], needs["bad_note"]
    filed_on = bad["substandard_on"] + draw.between("filed", note["attempt"][bad["note"]], 10, 120)
    fits = needs["fiscal_flag"]["pooled"][bad["note"]] & (filed_on < bad["resolved_on"]) & (bad["owed"] > 0)
    fits = np.flatnonzero(fits & (filed_on >= FIRST_DAY) & (filed_on <= LAST_DAY))
    turn = draw.uniform("claim", note["attempt"][bad["note"][fits]])
    if block.index == 0 and fits.size:  # the first case of the first block is filed: no scale is without a claim
        turn[0] = 0.0
    borrower = note["attempt"][bad["note"][fits]] >> 15
    fits = fits[turn < params.at("riskpool.claims", borrower, month_of(filed_on[fits]))]
    at, filed_on, owed = bad["note"][fits], filed_on[fits], bad["owed"][fits]
    number = note["attempt"][at]
    net = owed - np.minimum(_compensated(number, needs["guarantee"]), owed - 1)
    tilted = _tilted(at, note, needs["loan"])
    share = _share(note["amount"][at], tilted * params["riskpool.tilt"])
    slowest = np.where(filed_on >= PLAN, params["riskpool.decision_days_plan"], params["riskpool.decision_days"])
    slowest = slowest.astype(np.int64)
    decided_on = filed_on + draw.between("decided", number, slowest // 4, slowest)
    refused = draw.chance("refused", number, params["riskpool.refused"])
    paid_on = decided_on + draw.between("paid", number, 5, 30)
    paid = (net * share / 100).astype(np.int64)
    decided, settled = decided_on <= LAST_DAY, ~refused & (paid_on <= LAST_DAY)
    back_on, back = _recovery(number, bad, fits, paid, paid_on, params, draw)
    returned = settled & (back > 0) & (back_on <= LAST_DAY)
    return {
        "claim_id": number,
        "loan_id": number,
        "substandard_on": bad["substandard_on"][fits],
        "filed_on": filed_on,
        "npl_principal": owed,
        "net_principal": net,
        "tilted": tilted,
        "decided_on": nullable(decided_on, decided),
        "decision": nullable(np.where(refused, REFUSED, PAID), decided),
        "refusal_reason": nullable(draw.choice("reason", number, REASONS), decided & refused),
        "share": nullable((share * POINT).astype(np.int64), decided & ~refused),
        "paid_on": nullable(paid_on, settled),
        "paid": nullable(paid, settled),
        "recovered_on": nullable(back_on, returned),
        "recovered": nullable(back, returned),
    }


def _compensated(number, guarantee):
    """What the guarantor of each note pays, 0 without one."""
    ids, amount = guarantee["loan_id"], guarantee["compensated_amount"]
    out = np.zeros(len(number), np.int64)
    if len(ids):
        place = np.minimum(np.searchsorted(ids, number), len(ids) - 1)
        hit = (ids[place] == number) & amount.valid[place]
        out[hit] = amount.values[place[hit]]
    return out


def _tilted(at, note, loan):
    """Loans that the pool favours since 2024."""
    pledge = loan["guarantee"][at] == [code.code for code in code_list("guarantee")].index("A")
    return (note["granted_on"][at] >= TILT) & (note["tagged"][at] | note["first_loan"][at] | note["green"][at] | pledge)


def _share(amount, tilt):
    """Percent of the principal compensated by the size of the loan; `tilt` from 0 to 1 leads to the favoured share."""
    tier = np.searchsorted(calibration_numbers("risk_pool_tier", "up_to") * MILLION, amount)
    plain, favoured = (calibration_numbers("risk_pool_tier", name)[tier] for name in ("share", "tilted"))
    return plain + tilt * (favoured - plain)


def _recovery(number, bad, fits, paid, paid_on, params, draw):
    """(day, amount) of what flows back to the pool once the bad loan is resolved."""
    cured = bad["outcome"][fits] == 0
    part = np.minimum(2 * params["riskpool.recovered_lost"] * draw.uniform("recovery", number), 1.0)
    back = (paid * np.where(cured, params["riskpool.recovered_cured"], part)).astype(np.int64)
    day = np.maximum(bad["resolved_on"][fits], paid_on) + draw.between("recovery_lag", number, 10, 60)
    return day, back
