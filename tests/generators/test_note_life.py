"""Whatever becomes of a note, its flows explain its balance: drawn at random within what the history can produce."""

import datetime
from types import SimpleNamespace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfbench.content import tables
from sfbench.draws import Draw, add_months

EPOCH = datetime.date(1970, 1, 1)
NO_DAY = 1 << 30
FIRST, LAST = (datetime.date(2016, 1, 5) - EPOCH).days, (datetime.date(2027, 12, 31) - EPOCH).days
BEFORE_WINDOW = (datetime.date(2021, 12, 31) - EPOCH).days
CURED, WRITTEN_OFF, TRANSFERRED = range(3)


@st.composite
def notes(draw):
    """One note as the history makes it: schedule, extension, one default and what became of it."""
    granted_on = draw(st.integers(FIRST, LAST))
    period = draw(st.sampled_from([0, 1, 3]))
    tenor = draw(st.integers(1, 80)) * (period or 1)
    period = period or tenor
    due_on = int(add_months(np.array([granted_on]), np.array([tenor]))[0])
    extended = draw(st.booleans())
    final_due = int(add_months(np.array([due_on]), np.array([draw(st.sampled_from([3, 6, 12]))]))[0])
    final_due = final_due if extended else due_on
    overdue_on = draw(st.integers(due_on + 1 if extended else granted_on + 1, final_due))
    impaired = draw(st.booleans())
    resolved_on = overdue_on + draw(st.integers(4 * 31, 60 * 30))
    outcome = draw(st.sampled_from([CURED, WRITTEN_OFF, TRANSFERRED]))
    lost = outcome != CURED
    end_on = resolved_on if impaired and (lost or final_due <= resolved_on) else final_due
    return {
        "granted_on": granted_on,
        "due_on": due_on,
        "final_due": final_due,
        "extended": extended,
        "restructured": extended and draw(st.booleans()),
        "tenor": tenor,
        "period": period,
        "instalments": tenor // period,
        "amount": draw(st.integers(1, 5 * 10**12)),
        "usd": draw(st.booleans()),
        "impaired": impaired,
        "overdue_on": overdue_on if impaired else NO_DAY,
        "resolved_on": resolved_on if impaired else NO_DAY,
        "outcome": outcome,
        "end_on": end_on,
    }


def columns_of(found):
    """The notes of the window as the arrays that `note` hands on."""
    found = [one for one in found if one["end_on"] > BEFORE_WINDOW]
    note = {name: np.array([one[name] for one in found]) for name in (found[0] if found else {})}
    if found:
        note["attempt"] = np.arange(len(found)) + (1 << 15)
    return note


def tables_of(note):
    known, block = tables(), SimpleNamespace(first=1, count=1)
    panel = known["note_month"].functions["rows"](block, {"note": note}, {}, Draw(1, "note_month"))
    needs = {"note": note, "note_month": panel}
    return panel, known["loan_flow"].functions["rows"](block, needs, {}, Draw(1, "loan_flow"))


def month_of(day):
    date = EPOCH + datetime.timedelta(int(day))
    return date.year * 12 + date.month - 1


@settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(notes(), min_size=1, max_size=6))
def test_the_flows_of_any_note_explain_its_balances(found):
    note = columns_of(found)
    if not note:
        return
    panel, flows = tables_of(note)
    kinds = [code.code for code in tables()["loan_flow"].spec.column("kind").values]
    for i, number in enumerate(note["attempt"]):
        mine = [
            (int(day), kinds[int(kind)], int(amount), int(rmb))
            for who, day, kind, amount, rmb in zip(
                flows["loan_id"], flows["event_on"], flows["kind"], flows["amount"], flows["amount_rmb"], strict=True
            )
            if who == number
        ]
        at = panel["note"] == i
        months = panel["month"][at].tolist()
        balances = dict(zip(months, panel["balance"][at].tolist(), strict=True))
        values = dict(zip(months, panel["balance_rmb"][at].tolist(), strict=True))
        assert mine[0][1] in ("opening", "drawdown")
        assert all(day >= BEFORE_WINDOW for day, *_ in mine)
        assert [day for day, *_ in mine] == sorted(day for day, *_ in mine)
        for month in range(2021 * 12 + 11, 2028 * 12):
            past = [flow for flow in mine if month_of(flow[0]) <= month]
            assert sum(flow[2] for flow in past) == balances.get(month, 0)
            assert sum(flow[3] for flow in past) == values.get(month, 0)
        if note["end_on"][i] <= LAST:
            ended = [kind for _, kind, amount, _ in mine if amount][-1]
            ruined = note["impaired"][i] and note["outcome"][i] != CURED
            expected = (
                {WRITTEN_OFF: "write_off", TRANSFERRED: "transfer"}.get(int(note["outcome"][i])) if ruined else None
            )
            assert ended == expected if ruined else ended in ("repayment", "recovery")
            assert mine[0][2] + sum(flow[2] for flow in mine[1:]) == 0
            assert max(day for day, kind, amount, _ in mine if amount) == note["end_on"][i]


@settings(max_examples=120, derandomize=True, deadline=None)
@given(notes())
def test_nothing_is_paid_between_the_overdue_day_and_the_resolution(one):
    note = columns_of([one])
    if not note or not one["impaired"]:
        return
    _, flows = tables_of(note)
    kinds = tables()["loan_flow"].spec.column("kind").values
    paid = [
        int(day)
        for day, kind, amount in zip(flows["event_on"], flows["kind"], flows["amount"], strict=True)
        if amount < 0 and kinds[int(kind)].code == "repayment"
    ]
    assert not [day for day in paid if one["overdue_on"] <= day < one["resolved_on"]]


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.integers(FIRST, LAST - 500), st.integers(30, 80), st.integers(2, 20), st.integers(5, 24))
def test_what_was_missed_is_caught_up_on_the_day_of_the_cure(granted_on, tenor, sound, sick):
    """A monthly note, sound for some months and overdue for some: at the cure all that fell due in between is paid."""
    day = [int(d) for d in add_months(np.full(tenor + 1, granted_on), np.arange(tenor + 1))]
    last = min(sound + sick, tenor - 1)
    overdue_on, resolved_on = day[sound] - 1, day[last] + 1
    if month_of(resolved_on) != month_of(day[last]) or month_of(overdue_on) == month_of(resolved_on):
        return
    fate = {"overdue_on": overdue_on, "resolved_on": resolved_on, "impaired": True, "outcome": CURED, "usd": False}
    dates = {"granted_on": granted_on, "due_on": day[-1], "final_due": day[-1], "end_on": day[-1]}
    terms = {"tenor": tenor, "period": 1, "instalments": tenor, "amount": 10**9, "extended": False}
    note = columns_of([fate | dates | terms | {"restructured": False}])
    if not note:
        return
    _, flows = tables_of(note)
    kinds = [tables()["loan_flow"].spec.column("kind").values[int(kind)].code for kind in flows["kind"]]
    caught_up = [
        (int(d), int(a)) for d, k, a in zip(flows["event_on"], kinds, flows["amount"], strict=True) if k == "recovery"
    ]
    due = 10**9 * last // tenor - 10**9 * (sound - 1) // tenor
    if resolved_on > BEFORE_WINDOW + 31 and resolved_on <= LAST:
        assert caught_up == [(resolved_on, -due)]
    else:
        assert caught_up == [] or caught_up[0][0] == resolved_on
