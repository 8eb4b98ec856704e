"""Claims on policies: loss, report, decision, payment. A loan guarantee policy answers to its note's fate."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration,
    calibration_numbers,
    code_list,
    month_of,
    month_start,
    nullable,
    quantiles,
)

TABLE = Table(
    zh="科技保险赔案",
    en="Insurance claims",
    key=("claim_id",),
    needs=("firm_month", "insurance_policy", "note", "note_month"),
    grows="insurance_policy",
    per_firm=0.0243,
    row_bytes=59.3,
    measures=(15,),
    event_on="occurred_on",
    known_on="reported_on",
    rows_by="2027-12-31",
    columns=(
        Column("claim_id", "key", "赔案编号", "Claim"),
        Column("policy_id", "key", "保单编号", "Policy", references="insurance_policy.policy_id"),
        Column("hazard", "code", "出险原因", "Hazard", values=code_list("hazard")),
        Column("occurred_on", "date", "出险日期", "Loss occurred", low_on="2016-01-01", high_on="2027-12-31"),
        Column("reported_on", "date", "报案日期", "Reported", low_on="2022-01-01", high_on="2027-12-31"),
        Column("amount_claimed", "money", "索赔金额", "Amount claimed", unit="CNY", low=0.01, privacy="sensitive"),
        Column("reserve", "money", "立案未决准备金", "Case reserve set at the report", unit="CNY", low=0),
        Column("decided_on", "date", "核赔日期", "Decided", nullable=True, known_on="decided_on"),
        Column(
            "outcome",
            "code",
            "核赔结果",
            "Outcome",
            values=code_list("claim_outcome"),
            nullable=True,
            known_on="decided_on",
        ),
        Column(
            "refusal_reason",
            "code",
            "拒赔原因",
            "Reason for refusal",
            values=code_list("claim_refusal"),
            nullable=True,
            known_on="decided_on",
        ),
        Column("paid_on", "date", "赔付日期", "Paid", nullable=True, known_on="paid_on"),
        Column(
            "amount_paid",
            "money",
            "赔付金额",
            "Amount paid",
            unit="CNY",
            nullable=True,
            low=0,
            privacy="sensitive",
            known_on="paid_on",
        ),
    ),
)

FIRST_DAY, LAST_DAY = int(month_start(2022 * 12)), int(month_start(2028 * 12)) - 1
FIRST_MONTH = 2016 * 12
LOSSES = 2  # most losses of a policy
PAID, REFUSED, WITHDRAWN = range(3)
WAIT = 60  # days overdue after which a loan guarantee insurer answers


def rows(block, needs, params, draw):
    """One row a claim reported in the window, in the order of policies."""
    policy = needs["insurance_policy"]
    losses = _losses(block, policy, needs["firm_month"]["distress"], params, draw)
    defaults = _defaults(policy, needs["note"], needs["note_month"], params, draw)
    claim = {name: np.concatenate((losses[name], defaults[name])) for name in losses}
    number = claim["number"]
    claim["reported_on"] = claim["noticed_on"] + draw.between("report", number, 1, 45)
    seen = (claim["reported_on"] >= FIRST_DAY) & (claim["reported_on"] <= LAST_DAY)
    order = np.flatnonzero(seen)[np.argsort(number[seen])]
    claim = {name: column[order] for name, column in claim.items()}
    number, at, claimed = claim["number"], claim["policy"], claim["claimed"]
    line = policy["line"][at]
    decided_on = claim["reported_on"] + draw.between("decide", number, 7, 120)
    u = draw.uniform("outcome", number)
    refused, withdrawn = params["insurance.refused"], params["insurance.withdrawn"]
    outcome = np.where(u < refused, REFUSED, np.where(u < refused + withdrawn, WITHDRAWN, PAID))
    paid_on = decided_on + draw.between("pay", number, 1, 30)
    decided = decided_on <= LAST_DAY
    paid = (outcome == PAID) & (paid_on <= LAST_DAY)
    low = params["insurance.least_settled"]
    settled = (claimed * (low + (1.0 - low) * draw.uniform("settled", number))).astype(np.int64)
    reserve = (claimed * (0.6 + 0.4 * draw.uniform("reserve", number))).astype(np.int64)
    reasons = len(code_list("claim_refusal"))
    return {
        "claim_id": number,
        "policy_id": policy["policy_id"][at],
        "hazard": _hazards(line, draw.uniform("hazard", number)),
        "occurred_on": claim["occurred_on"],
        "reported_on": claim["reported_on"],
        "amount_claimed": claimed,
        "reserve": reserve,
        "decided_on": nullable(decided_on, decided),
        "outcome": nullable(outcome, decided),
        "refusal_reason": nullable(draw.below("reason", number, reasons), decided & (outcome == REFUSED)),
        "paid_on": nullable(paid_on, paid),
        "amount_paid": nullable(settled, paid),
    }


def _losses(block, policy, distress, params, draw):
    """Losses of policies that hang on no loan: a chance a year, a size in premiums, never more than is insured."""
    own = np.flatnonzero(policy["_note"] < 0)
    number, line, ordinal = policy["policy_id"][own], policy["line"][own], np.arange(LOSSES)
    days = policy["ends_on"][own] - policy["starts_on"][own] + 1
    u = draw.uniform("when", number[:, None], ordinal)
    occurred_on = policy["starts_on"][own][:, None] + (u * days[:, None]).astype(np.int64)
    month = np.minimum(month_of(occurred_on) - FIRST_MONTH, distress.shape[1] - 1)
    troubled = distress[policy["_row"][own][:, None], month]
    lift = params["insurance.distress_lift"] * calibration_numbers("insurance_line", "trouble")[line]
    frequency = calibration_numbers("insurance_line", "frequency")[line]
    p = (params["insurance.losses"] * frequency)[:, None] * (1.0 + lift[:, None] * troubled)
    happens = draw.uniform("loss", number[:, None], ordinal) < p
    if block.index == 0 and own.size:  # no scale is without a claim
        first = np.argmax((policy["starts_on"][own] >= FIRST_DAY) & (policy["ends_on"][own] < LAST_DAY - 365))
        happens[first, 0] = True
    # The mean loss in premiums, so that the line's loss ratio comes out of its two chances of a loss.
    mean = calibration_numbers("insurance_line", "loss_ratio")[line] / (LOSSES * frequency)
    factor = draw.quantile("size", number[:, None], quantiles("lognormal_0.8"), ordinal)
    size = (policy["premium"][own][:, None] * mean[:, None] * factor).astype(np.int64)
    before = np.zeros(len(own), np.int64)
    claimed = np.zeros(size.shape, np.int64)
    for one in range(LOSSES):
        room = policy["sum_insured"][own] - before
        claimed[:, one] = np.minimum(np.where(happens[:, one], size[:, one], 0), room)
        before += claimed[:, one]
    at, one = np.nonzero(claimed > 0)
    return {
        "policy": own[at],
        "number": number[at] * LOSSES + one,
        "occurred_on": occurred_on[at, one],
        "noticed_on": occurred_on[at, one],
        "claimed": claimed[at, one],
    }


def _defaults(policy, note, panel, params, draw):
    """Losses of loan guarantee policies: the note is overdue for 60 days within the policy's term."""
    of_loans = np.flatnonzero(policy["_note"] >= 0)
    at = policy["_note"][of_loans]
    overdue_on = note["overdue_on"][at]
    # A note granted after a default that was cured is marked impaired by it, but was never overdue.
    bad = note["impaired"][at] & (overdue_on >= policy["starts_on"][of_loans])
    bad &= overdue_on <= policy["ends_on"][of_loans]
    bad &= draw.chance("answers", policy["policy_id"][of_loans], params["insurance.default_claim"])
    of_loans, at, overdue_on = of_loans[bad], at[bad], overdue_on[bad]
    # The balance at the month end before the note went bad; the first month end if it went bad at once.
    begin = panel["start"][at]
    before = np.clip(month_of(overdue_on) - 1 - panel["month"][begin], 0, panel["length"][at] - 1)
    owed = panel["balance"][begin + before]
    share = round(params["insurance.guarantee_share"])
    return {
        "policy": of_loans,
        "number": policy["policy_id"][of_loans] * LOSSES,
        "occurred_on": overdue_on.astype(np.int64),
        "noticed_on": overdue_on + WAIT,
        "claimed": np.minimum(owed * share // 100, policy["sum_insured"][of_loans]),
    }


@cache
def _hazard_table():
    """(lines, 6) positions of the hazards that a line covers, repeated to one width."""
    names = [code.code for code in code_list("hazard")]
    lists = [[names.index(name) for name in text.split("|")] for text in calibration("insurance_line", "hazards")]
    return np.array([(places * 6)[:6] for places in lists])  # 6 is a multiple of 1, 2 and 3


def _hazards(line, u):
    return _hazard_table()[line, (u * 6).astype(np.int64)]
