"""Where drawn money goes: payments out of the borrower's account after a drawdown, and money that comes back to it.

A sample of notes of tech borrowers is traced. Payments out add up to the drawdown, to the cent. Round trips (the money
returns from a related firm), deposits, fund subscriptions and evergreening (the money repays an older note) are drawn
by parameters; which notes they are is handed on as `_misuse`, not published: an account shows payments, not intentions.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    ChoiceByRow,
    Column,
    Table,
    calibration,
    calibration_numbers,
    codes,
    day_number,
    month_of,
    nullable,
    split,
    vocabulary,
)

TABLE = Table(
    zh="账户资金流水",
    en="Account flows after drawdowns",
    key=("loan_id", "flow_no"),
    needs=("firm_state", "firm_month", "note", "note_month"),
    grows="loan",
    per_firm=2.45,
    row_bytes=7.9,
    measures=(19,),
    event_on="event_on",
    known_on="event_on",
    rows_by="2022-03-31",
    columns=(
        Column("loan_id", "key", "借据编号", "Loan note whose money is traced", references="loan.loan_id"),
        Column("flow_no", "count", "流水序号", "Number of the flow within its note, in order of days", low=0),
        Column("event_on", "date", "发生日期", "Day of the flow", low_on="2022-01-01", high_on="2027-12-31"),
        Column(
            "direction",
            "code",
            "收付方向",
            "Out of or into the borrower's account",
            values=codes("out 付款 Out", "in 收款 In"),
        ),
        Column(
            "use",
            "code",
            "资金用途",
            "What the payment is for",
            values=codes(
                "purchase 采购货款 Purchase",
                "wages 工资薪酬 Wages",
                "equipment 设备购置 Equipment",
                "research 研发外协 Research bought in",
                "tax 税费 Taxes",
                "transfer 往来款 Transfer between firms",
                "repayment 偿还贷款 Repayment of a loan",
                "deposit 定期存款或理财 Deposit or wealth product",
                "fund 基金出资 Payment into a fund",
                "receipt 往来款收回 Money received back",
            ),
        ),
        Column(
            "counterparty_kind",
            "code",
            "对手方类别",
            "Kind of counterparty",
            values=codes(
                "firm 企业 Firm",
                "person 个人 Persons",
                "treasury 国库 Treasury",
                "bank 银行 Bank",
                "fund 基金 Fund",
            ),
        ),
        Column(
            "counterparty_id",
            "key",
            "对手方企业编号",
            "Counterparty, if it is a firm of the register",
            nullable=True,
            references="enterprise.enterprise_id",
            privacy="sensitive",
        ),
        Column("related", "flag", "是否关联方", "Counterparty is a related party of the borrower"),
        Column(
            "institution_id",
            "key",
            "对手方机构编号",
            "Counterparty, if it is a bank",
            nullable=True,
            references="institution.institution_id",
        ),
        Column("amount", "money", "金额", "Amount", unit="CNY", low=0.01, privacy="sensitive"),
    ),
)

USES = TABLE.column("use").values
PURCHASE, WAGES, EQUIPMENT, RESEARCH, TAX, TRANSFER, REPAYMENT, DEPOSIT, FUND, RECEIPT = range(len(USES))
FIRM, PERSON, TREASURY, BANK, A_FUND = range(5)
# Counterparty by use, in the order of USES.
OF_USE = np.array([FIRM, PERSON, FIRM, FIRM, TREASURY, FIRM, BANK, BANK, A_FUND, FIRM])
NO_MISUSE, ROUND_TRIP, INTO_DEPOSIT, INTO_FUND, EVERGREEN = range(5)
FIRST_USE = np.array([-1, TRANSFER, DEPOSIT, FUND, REPAYMENT])  # what a note's first payment is, by misuse

FIRST_DAY = day_number("2022-01-01")
LAST_DAY = day_number("2027-12-31")
FIRST_MONTH, END = 2016 * 12, 2028 * 12
OTHER = 3  # kind of firm


def rows(block, needs, params, draw):
    """Flows by note and day; `_note` (positions of the traced notes) and `_misuse` (by traced note) are handed on."""
    note, state = needs["note"], needs["firm_state"]
    picked = _traced(note, state, params, draw)
    one = {name: note[name].take(picked) for name in ("attempt", "row", "bank", "product", "granted_on", "amount")}
    misuse, old = _misuse(one, needs, params, draw)
    out = _payments(one, misuse, old, needs, params, draw)
    pool = _standing(state, needs["firm_month"])
    out |= _payees(out, one, misuse, block, pool, params, draw)
    flows = _with_returns(out, one, misuse, params, draw)
    # By note, day and step, in one sort: days and steps are below 2**16.
    key = (flows["of"] << 32) | (flows["event_on"].astype(np.int64) << 16) | flows.pop("step")
    order = np.argsort(key, kind="stable")
    flows = {name: column.take(order) for name, column in flows.items()}
    of = flows.pop("of")
    begin = np.flatnonzero(np.diff(of, prepend=-1))
    payee, bank = flows.pop("payee"), flows.pop("bank")
    return flows | {
        "loan_id": one["attempt"].take(of),
        "flow_no": np.arange(len(of)) - np.repeat(begin, np.diff(begin, append=len(of))),
        "counterparty_kind": OF_USE[flows["use"]],
        "counterparty_id": nullable(np.maximum(payee, 0), payee >= 0),
        "institution_id": nullable(np.maximum(bank, 0) + 1, bank >= 0),
        "_note": picked,
        "_misuse": misuse,
    }


def _traced(note, state, params, draw):
    """Positions of the notes in the sample: renminbi notes of tech borrowers, drawn and spent inside the window."""
    granted = note["granted_on"]
    last = LAST_DAY - params["account.days"] - params["account.round_trip_days"]
    inside = (granted >= FIRST_DAY) & (granted <= last) & ~note["usd"]
    inside &= (note["amount"] >= params["account.min_amount"] * 100) & (state["kind"].take(note["row"]) != OTHER)
    some = np.flatnonzero(inside)
    return some[draw.chance("sample", note["attempt"][some], params["account.sample"])]


def _misuse(one, needs, params, draw):
    """(kind of misuse by traced note, position of the older note that it repays or -1)."""
    number, month = one["attempt"], month_of(one["granted_on"])
    old = _falls_due(one, needs["note"], needs["firm_state"]["kind"], params)
    distress = needs["firm_month"]["distress"][one["row"], month - FIRST_MONTH]
    p = (
        params.at("account.evergreen", number, month)
        + params.at("account.evergreen_distress", number, month) * distress
    )
    evergreen = (old >= 0) & draw.chance("evergreen", number, p)
    u, edge = draw.uniform("misuse", number), 0.0
    kind = np.full(len(number), NO_MISUSE)
    for which, name in ((ROUND_TRIP, "round_trip"), (INTO_DEPOSIT, "deposit"), (INTO_FUND, "fund")):
        share = params.at(f"account.{name}", number, month)
        kind[(u >= edge) & (u < edge + share)] = which
        edge = edge + share
    kind[evergreen] = EVERGREEN
    return kind, np.where(evergreen, old, -1)


def _falls_due(one, note, kind, params):
    """For each traced note, an older sound one of the same firm that ends within some days after the grant, or -1."""
    sound = np.flatnonzero(~note["impaired"] & ~note["usd"] & (kind.take(note["row"]) != OTHER))
    if not len(sound):
        return np.full(len(one["row"]), -1)
    key = (note["row"][sound] << 32) | note["end_on"][sound]
    order = np.argsort(key)
    place = np.searchsorted(key, (one["row"] << 32) | one["granted_on"], sorter=order)
    found = sound[order[np.minimum(place, len(order) - 1)]]
    near = note["end_on"][found] - one["granted_on"] <= params["account.evergreen_days"]
    near &= (place < len(order)) & (note["row"][found] == one["row"]) & (note["granted_on"][found] < one["granted_on"])
    return np.where(near, found, -1)


def _payments(one, misuse, old, needs, params, draw):
    """Payments out: traced note, ordinal, use, day, amount. The first one carries the misuse, if there is one."""
    number, amount = one["attempt"], one["amount"]
    count = draw.between("payments", number, int(params["account.payments_min"]), int(params["account.payments_max"]))
    of = np.repeat(np.arange(len(number)), count)
    start = np.cumsum(count) - count
    step = np.arange(len(of)) - start[of]
    weight = 0.3 + draw.uniform("weight", number[of], step)
    share = params["account.round_trip_share"]
    part = np.minimum(amount, (amount * (share + (1 - share) * draw.uniform("part", number))).astype(np.int64))
    part = np.where(misuse == EVERGREEN, np.minimum(amount, _last_balance(old, needs["note_month"])), part)
    bad = np.flatnonzero(misuse != NO_MISUSE)
    weight[start[bad]] = 0.0
    carved = np.zeros(len(number), np.int64)
    carved[bad] = part[bad]
    paid = split(amount - carved, (weight, np.append(start, len(of))))
    paid[start[bad]] = carved[bad]
    u = draw.uniform("day", number[of], step)
    day = one["granted_on"][of] + (u * u * params["account.days"]).astype(np.int64)
    use = _uses().at(_purposes()[one["product"]][of], draw.uniform("use", number[of], step))
    use[start[bad]] = FIRST_USE[misuse[bad]]
    repays = np.flatnonzero(misuse == EVERGREEN)
    day[start[repays]] = needs["note"]["end_on"][old[repays]]
    bank = np.full(len(of), -1)
    bank[start[repays]] = needs["note"]["bank"][old[repays]]
    saves = np.flatnonzero(misuse == INTO_DEPOSIT)
    bank[start[saves]] = one["bank"][saves]
    keep = np.flatnonzero(paid)
    found = {"of": of, "step": step, "use": use, "event_on": day, "amount": paid, "bank": bank}
    return {name: column.take(keep) for name, column in found.items()}


def _last_balance(old, panel):
    """Balance of a note before its end, in cents; the first note's where there is none (not used)."""
    at = np.maximum(old, 0)
    return panel["balance"][panel["start"][at] + panel["length"][at] - 1]


@cache
def _uses():
    weights = [calibration_numbers("account_use", name) for name in ("operating", "investment")]
    assert [code.code for code in USES[: len(weights[0])]] == list(calibration("account_use", "use"))
    return ChoiceByRow.of(np.stack(weights))


@cache
def _purposes():
    """0 operating or 1 investment, by position of the product."""
    return np.array([int(kind == "F023") for kind in vocabulary("product", "standard_class")])


def _standing(state, paths):
    """Rows of firms that stand in the register over the whole window: payees and related firms are among them."""
    return np.flatnonzero((state["founded_month"] < FIRST_MONTH) & (paths["exit_month"] >= END))


def _payees(out, one, misuse, block, pool, params, draw):
    """payee: number of the firm paid, -1 if it stands in no register; related: is it a related party?"""
    of, step = out["of"], out["step"]
    count = len(of)
    payee, related = np.full(count, -1), np.zeros(count, bool)
    to_firm = np.flatnonzero(OF_USE[out["use"]] == FIRM)
    if not len(pool):
        return {"payee": payee, "related": related}
    note, which = one["attempt"][of[to_firm]], step[to_firm]
    trips = (misuse[of[to_firm]] == ROUND_TRIP) & (which == 0)
    kin = trips | draw.chance("related_purchase", note, params["account.related_purchase"], which)
    known = kin | draw.chance("registered", note, params["account.registered"], which)
    borrower = block.first + one["row"][of[to_firm]]
    supplier = draw.below("supplier", note, len(pool), which)
    # A firm has two related firms, the same ones in all its notes.
    relative = draw.below("relative", borrower, len(pool), draw.below("which", note, 2, which))
    place = np.where(kin, relative, supplier)
    itself = block.first + pool[place] == borrower
    firm = block.first + pool[(place + itself) % len(pool)]  # nobody pays itself: the next one
    known &= firm != borrower
    payee[to_firm] = np.where(known, firm, -1)
    related[to_firm] = kin & known
    return {"payee": payee, "related": related}


def _with_returns(out, one, misuse, params, draw):
    """The payments and what comes back of them: a round trip, or a part of an ordinary purchase."""
    of, step = out["of"], out["step"]
    note = one["attempt"][of]
    trips = (misuse[of] == ROUND_TRIP) & (step == 0)
    refunds = (out["use"] == PURCHASE) & draw.chance("refund", note, params["account.refund"], step)
    at = np.flatnonzero((trips | refunds) & (out["amount"] >= 10_000))
    least = params["account.round_trip_back"]
    u = draw.uniform("back", note[at], step[at])
    part = np.where(trips[at], least + (1 - least) * u, params["account.refund_share"] * u)
    lag = draw.between("back_lag", note[at], 1, int(params["account.round_trip_days"]), step[at])
    back = {
        "of": of[at],
        "step": step[at] + 1000,  # after the payments of the day
        "use": np.full(len(at), RECEIPT),
        "event_on": out["event_on"][at] + lag,
        "amount": np.maximum((out["amount"][at] * part).astype(np.int64), 1),
        "bank": np.full(len(at), -1),
        "payee": out["payee"][at],
        "related": out["related"][at],
    }
    both = {name: np.concatenate((out[name], back[name])) for name in back}
    both["direction"] = np.repeat([0, 1], [len(of), len(at)])
    return both
