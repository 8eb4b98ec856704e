"""Agreements of the kind "loan + outside direct investment": a note, and the fund's deal with the same firm."""

import numpy as np

from sfbench.kit import Column, Table, code_list, codes, nullable, vocabulary

TABLE = Table(
    zh="贷款+外部直投",
    en="Agreements that tie a loan to a direct investment",
    key=("link_id",),
    needs=("firm_state", "note", "deal"),
    grows="loan",
    per_firm=0.0055,
    row_bytes=98,
    measures=(4, 8),
    event_on="agreed_on",
    known_on="agreed_on",
    rows_by="2027-12-31",
    columns=(
        Column("link_id", "key", "协议编号", "Agreement"),
        Column("enterprise_id", "key", "企业编号", "Firm", references="enterprise.enterprise_id"),
        Column("loan_id", "key", "借据编号", "Loan note", references="loan.loan_id"),
        Column(
            "agreed_on",
            "date",
            "签约日期",
            "Agreed on: the day of the grant",
            low_on="2016-01-01",
            high_on="2027-12-31",
        ),
        Column("loan_amount", "money", "贷款金额", "Amount of the note", unit="CNY", low=0, privacy="sensitive"),
        Column(
            "linked_on",
            "date",
            "投资挂钩日期",
            "Both loan and investment known on; empty while there is no investment",
            nullable=True,
            known_on="linked_on",
            high_on="2027-12-31",
        ),
        Column(
            "deal_id",
            "key",
            "投资编号",
            "Deal",
            nullable=True,
            references="deal.deal_id",
            known_on="linked_on",
        ),
        Column(
            "invested_amount",
            "money",
            "投资金额",
            "Money that the fund paid",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="linked_on",
            privacy="sensitive",
        ),
        Column(
            "sequence",
            "code",
            "先后",
            "Which came first",
            values=codes("loan_first 先贷后投 Loan first", "investment_first 先投后贷 Investment first"),
            nullable=True,
            known_on="linked_on",
        ),
    ),
)

PREFIX = 500  # one note of these firms always has an agreement, so that no scale is without one
PRODUCT = vocabulary("product", "code").index("loan_and_investment")
EQUITY = tuple(i for i, c in enumerate(code_list("instrument")) if c.code in ("common", "preferred", "convertible"))
FAR = 1 << 30
LOAN_FIRST, INVESTMENT_FIRST = 0, 1


def rows(block, needs, params, draw):
    """One row an agreement, ordered by note. A note of the product has one even before a fund pays."""
    note, deal = needs["note"], needs["deal"]
    paid = np.flatnonzero((deal["_row"] >= 0) & ~deal["secondary"] & np.isin(deal["instrument"], EQUITY))
    place, distance = _nearest(note, deal["_row"][paid], deal["closed_on"][paid].astype(np.int64))
    own = note["product"] == PRODUCT
    near = distance <= np.where(own, params["link.product_days"], params["link.other_days"])
    at = np.flatnonzero(_agreed(block, note, own, near, params, draw))
    near, row = near[at], note["row"][at]
    granted = note["granted_on"][at].astype(np.int64)

    def of_deal(name):
        """A column of each note's deal, 0 where it has none."""
        return np.where(near, np.append(deal[name][paid].astype(np.int64), 0)[place[at]], 0)

    return {
        "link_id": note["attempt"][at],
        "enterprise_id": needs["firm_state"]["firm"][row],
        "loan_id": note["attempt"][at],
        "agreed_on": granted.astype(np.int32),
        "loan_amount": note["amount"][at],
        "linked_on": nullable(np.where(near, np.maximum(granted, of_deal("known_on")), 0).astype(np.int32), near),
        "deal_id": nullable(of_deal("deal_id"), near),
        "invested_amount": nullable(of_deal("amount"), near),
        "sequence": nullable(np.where(granted <= of_deal("closed_on"), LOAN_FIRST, INVESTMENT_FIRST), near),
    }


def _nearest(note, row, day):
    """(place of the deal of the firm nearest to each grant, days between them or FAR)."""
    granted, of = note["granted_on"].astype(np.int64), note["row"]
    if not len(row):
        return np.zeros(len(of), np.int64), np.full(len(of), FAR)
    order = np.argsort((row << 32) | day, kind="stable")
    after = np.searchsorted(((row << 32) | day)[order], (of << 32) | granted)
    best, least = np.zeros(len(of), np.int64), np.full(len(of), FAR)
    for side in (np.minimum(after, len(row) - 1), np.maximum(after - 1, 0)):
        candidate = order[side]
        apart = np.where(row[candidate] == of, np.abs(day[candidate] - granted), FAR)
        best, least = np.where(apart < least, candidate, best), np.minimum(apart, least)
    return best, least


def _agreed(block, note, own, near, params, draw):
    """Notes with an agreement: all of the product, and some others with a deal near them."""
    p = np.where(own, 1.0, params["link.other_notes"] * near) * ~note["usd"]
    u = draw.uniform("agreement", note["attempt"])
    agreed = u < p
    if block.index == 0:
        nearness = np.where((note["row"] < PREFIX) & ~note["usd"], u / np.maximum(p, 1e-6), np.inf)
        if np.isfinite(nearness).any():
            agreed[int(np.argmin(nearness))] = True
    return agreed
