"""What moves a note's balance: drawdowns, repayments, extensions, write-offs, transfers and currency valuation."""

import numpy as np

from sfbench.kit import Column, Table, add_months, code_list, month_end, month_of, monthly

TABLE = Table(
    zh="贷款发生额",
    en="Loan flows",
    key=("loan_id", "flow_no"),
    needs=("note", "note_month"),
    grows="loan",
    per_firm=41.2,
    row_bytes=3.8,
    measures=(0, 19, 20),
    event_on="event_on",
    known_on="event_on",
    columns=(
        Column("loan_id", "key", "借据编号", "Loan note", references="loan.loan_id"),
        Column(
            "flow_no",
            "count",
            "流水序号",
            "Number of the flow within its note, in order of days",
            standard="JYLSH",
            low=0,
        ),
        Column("event_on", "date", "发生日期", "Day of the flow", low_on="2021-12-31", high_on="2027-12-31"),
        Column("kind", "code", "发生类别", "Kind", standard="FFSHBS", values=code_list("flow_kind")),
        Column(
            "amount",
            "money",
            "发生金额",
            "Signed change of the balance in its currency",
            unit="currency",
            privacy="sensitive",
        ),
        Column(
            "amount_rmb",
            "money",
            "发生金额折人民币",
            "Signed change of the balance in yuan",
            unit="CNY",
            privacy="sensitive",
        ),
    ),
)


OPENING = 2021 * 12 + 11
LAST = 2027 * 12 + 11
FIRST_FX, MONTHS_FX = 2016 * 12, 144
OPENED, DRAWN, REPAID, RECOVERED, EXTENDED, RESTRUCTURED, WRITTEN_OFF, TRANSFERRED, REVALUED = range(9)
CURED, LOST = 0, 1


def rows(block, needs, params, draw):
    """Flows are the steps of the note's balance, so a balance is always the one before plus its flows."""
    note, panel = needs["note"], needs["note_month"]
    index, month, balance = panel["note"], panel["month"].astype(np.int64), panel["balance"]
    first = panel["start"]  # row of each note's first month end; every note has one
    last = first + panel["length"] - 1
    granted = month_of(note["granted_on"]).astype(np.int64)
    resolved = month_of(np.minimum(note["resolved_on"], 40000))

    old = granted <= OPENING
    begins = _flows(
        np.arange(len(first)),
        np.where(old, _day(OPENING), note["granted_on"]),
        np.where(old, OPENED, DRAWN),
        balance[first],
    )

    falls = np.empty(len(balance), bool)
    falls[:1] = False
    np.less(balance[1:], balance[:-1], out=falls[1:])
    falls[first] = False
    step = np.flatnonzero(falls)
    at = index[step]
    catches_up = note["impaired"][at] & (month[step] == resolved[at])
    due = add_months(note["granted_on"][at], month[step] - granted[at])
    repays = _flows(
        at,
        np.where(catches_up, note["resolved_on"][at], due),
        np.where(catches_up, RECOVERED, REPAID),
        balance[step] - balance[step - 1],
    )

    over = np.flatnonzero(month[last] < LAST)
    ruined = note["impaired"][over] & (note["outcome"][over] != CURED)
    paid_late = note["impaired"][over] & ~ruined & (note["end_on"][over] == note["resolved_on"][over])
    kind = np.where(
        ruined,
        np.where(note["outcome"][over] == LOST, WRITTEN_OFF, TRANSFERRED),
        np.where(paid_late, RECOVERED, REPAID),
    )
    ends = _flows(over, note["end_on"][over], kind, -balance[last[over]])

    longer = np.flatnonzero(note["extended"] & (note["due_on"] > _day(OPENING)) & (month_of(note["due_on"]) <= LAST))
    extends = _flows(
        longer,
        note["due_on"][longer],
        np.where(note["restructured"][longer], RESTRUCTURED, EXTENDED),
        np.zeros(len(longer), np.int64),
    )

    flows = {name: np.concatenate([part[name] for part in (begins, repays, ends, extends)]) for name in begins}
    fx = np.floor(monthly("usd_cny", "usd_cny", FIRST_FX, MONTHS_FX) * 1e4 + 0.5).astype(np.int64)
    dollars = np.flatnonzero(note["usd"].take(flows["note"]))
    flows["amount_rmb"] = flows["amount"].copy()
    flows["amount_rmb"][dollars] = _in_yuan(flows["amount"][dollars], fx[month_of(flows["day"][dollars]) - FIRST_FX])
    flows = _with_valuation(flows, note, panel)
    order = np.argsort((flows["note"] << 24) | (flows["day"] << 4) | flows["kind"], kind="stable")
    flows = {name: column.take(order) for name, column in flows.items()}
    begin = np.flatnonzero(np.diff(flows["note"], prepend=-1))
    flow_no = np.arange(len(order)) - np.repeat(begin, np.diff(begin, append=len(order)))
    return {
        "loan_id": note["attempt"].take(flows["note"]),
        "flow_no": flow_no,
        "event_on": flows["day"],
        "kind": flows["kind"],
        "amount": flows["amount"],
        "amount_rmb": flows["amount_rmb"],
    }


def _flows(note, day, kind, amount):
    return {"note": note.astype(np.int64), "day": day.astype(np.int64), "kind": kind.astype(np.int64), "amount": amount}


def _day(month):
    return int(month_end(np.array([month]))[0])


def _in_yuan(amount, fx):
    """Cents of dollars to cents of yuan at a rate in 1e-4, halves away from zero: a flow and its reverse cancel."""
    return np.sign(amount) * ((np.abs(amount) * fx + 5000) // 10000)


def _with_valuation(flows, note, panel):
    """Adds, for dollar notes, the change in yuan that no flow explains: the rate moved."""
    dollar_rows = np.flatnonzero(note["usd"].take(panel["note"]))
    if not dollar_rows.size:
        return flows
    index, month = panel["note"][dollar_rows].astype(np.int64), panel["month"][dollar_rows].astype(np.int64)
    value = panel["balance_rmb"][dollar_rows]
    opens = np.diff(index, prepend=-1) != 0
    closes = np.diff(index, append=-1) != 0
    change = np.where(opens, value, np.diff(value, prepend=0))
    ended = np.flatnonzero(closes & (month < LAST))
    cells = np.concatenate((index * 4096 + (month - OPENING), index[ended] * 4096 + month[ended] + 1 - OPENING))
    change = np.concatenate((change, -value[ended]))
    mine = note["usd"][flows["note"]]
    flow_cell = flows["note"][mine] * 4096 + (month_of(flows["day"][mine]) - OPENING)
    order = np.argsort(cells)
    cells, change = cells[order], change[order]
    np.subtract.at(change, np.searchsorted(cells, flow_cell), flows["amount_rmb"][mine])
    moved = np.flatnonzero(change)
    day = month_end(cells[moved] % 4096 + OPENING).astype(np.int64)
    extra = _flows(cells[moved] // 4096, day, np.full(len(moved), REVALUED), np.zeros(len(moved), np.int64))
    extra["amount_rmb"] = change[moved]
    return {name: np.concatenate((flows[name], extra[name])) for name in flows}
