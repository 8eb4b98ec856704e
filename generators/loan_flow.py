"""What moves a note's balance: drawdowns, repayments, extensions, write-offs, transfers and currency valuation."""

import numpy as np

from sfbench.kit import Column, Table, add_months, code_list, dollar_parity, month_end, month_of

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
    rows_by="2021-12-31",
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
    parts = [_begins(note, panel), _repays(note, panel), _ends(note, panel), _extends(note)]
    for part in parts:
        part["amount_rmb"] = _in_yuan(part, note)
    parts.append(_revalues(parts, note, panel))
    flows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort((flows["note"].astype(np.int64) << 24) | (flows["day"] << 4) | flows["kind"], kind="stable")
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
    return {"note": note.astype(np.int32), "day": day.astype(np.int32), "kind": kind.astype(np.int8), "amount": amount}


def _begins(note, panel):
    """The drawdown, or the opening balance of a note from before the window; every note has a first month end."""
    old = month_of(note["granted_on"]) <= OPENING
    day = np.where(old, _day(OPENING), note["granted_on"])
    return _flows(np.arange(len(old)), day, np.where(old, OPENED, DRAWN), panel["balance"][panel["start"]])


def _repays(note, panel):
    """Each fall of the balance between two month ends: an instalment on its day, or arrears made up."""
    balance, month = panel["balance"], panel["month"]
    falls = np.empty(len(balance), bool)
    np.less(balance[1:], balance[:-1], out=falls[1:])
    falls[panel["start"]] = False
    step = np.flatnonzero(falls)
    at, when = panel["note"].take(step), month.take(step)
    day = add_months(note["granted_on"].take(at), when - month_of(note["granted_on"]).take(at))
    kind = np.full(len(step), REPAID)
    resolved = month_of(np.minimum(note["resolved_on"], 40000))
    bad = np.flatnonzero(note["impaired"].take(at))
    catches_up = bad[when[bad] == resolved[at[bad]]]
    day[catches_up] = note["resolved_on"][at[catches_up]]
    kind[catches_up] = RECOVERED
    return _flows(at, day, kind, balance.take(step) - balance.take(step - 1))


def _ends(note, panel):
    """What takes the balance to nothing: paid in time, paid late, written off or transferred."""
    last = panel["start"] + panel["length"] - 1
    over = np.flatnonzero(panel["month"][last] < LAST)
    ruined = note["impaired"][over] & (note["outcome"][over] != CURED)
    late = note["impaired"][over] & ~ruined & (note["end_on"][over] == note["resolved_on"][over])
    lost = np.where(note["outcome"][over] == LOST, WRITTEN_OFF, TRANSFERRED)
    kind = np.where(ruined, lost, np.where(late, RECOVERED, REPAID))
    return _flows(over, note["end_on"][over], kind, -panel["balance"][last[over]])


def _extends(note):
    """An extension or restructuring moves no money and is recorded on the old due date."""
    due_on = note["due_on"]
    longer = np.flatnonzero(note["extended"] & (due_on > _day(OPENING)) & (month_of(due_on) <= LAST))
    kind = np.where(note["restructured"][longer], RESTRUCTURED, EXTENDED)
    return _flows(longer, due_on[longer], kind, np.zeros(len(longer), np.int64))


def _day(month):
    return int(month_end(np.array([month]))[0])


def _in_yuan(part, note):
    """Amounts in cents of yuan at the month's rate, halves away from zero: a flow and its reverse cancel."""
    amount = part["amount"].copy()
    dollars = np.flatnonzero(note["usd"].take(part["note"]))
    fx = dollar_parity(FIRST_FX, MONTHS_FX)
    rate = fx[month_of(part["day"][dollars]) - FIRST_FX]
    amount[dollars] = np.sign(amount[dollars]) * ((np.abs(amount[dollars]) * rate + 5000) // 10000)
    return amount


def _revalues(parts, note, panel):
    """For dollar notes, the change in yuan that no flow explains: the rate moved."""
    rows = np.flatnonzero(note["usd"].take(panel["note"]))
    index, month = panel["note"][rows].astype(np.int64), panel["month"][rows].astype(np.int64)
    value = panel["balance_rmb"][rows]
    opens = np.diff(index, prepend=-1) != 0
    closes = np.diff(index, append=-1) != 0
    change = np.where(opens, value, np.diff(value, prepend=0))
    ended = np.flatnonzero(closes & (month < LAST))
    # A cell is a note and a month; the month in which the note ends has one too.
    cells = np.concatenate((index * 4096 + (month - OPENING), index[ended] * 4096 + month[ended] + 1 - OPENING))
    change = np.concatenate((change, -value[ended]))
    order = np.argsort(cells)
    cells, change = cells[order], change[order]
    for part in parts:
        mine = np.flatnonzero(note["usd"].take(part["note"]))
        cell = part["note"][mine].astype(np.int64) * 4096 + (month_of(part["day"][mine]) - OPENING)
        np.subtract.at(change, np.searchsorted(cells, cell), part["amount_rmb"][mine])
    moved = np.flatnonzero(change)
    day = month_end(cells[moved] % 4096 + OPENING)
    extra = _flows(cells[moved] // 4096, day, np.full(len(moved), REVALUED), np.zeros(len(moved), np.int64))
    return extra | {"amount_rmb": change[moved]}
