"""Notes of tech firms as other registers show them: guarantors, districts, credit platforms. Each keeps its own facts.

Which note an entry means is known where the register wrote the note's code; elsewhere it has to be matched by borrower,
amount and date. `_attempt` hands the answer on, not published.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    codes,
    compose,
    day_number,
    either,
    nullable,
    round_significant,
    take,
    vocabulary,
)

TABLE = Table(
    zh="其他登记簿敞口",
    en="Exposures in other registers",
    key=("entry_id",),
    needs=("firm_state", "enterprise", "note", "loan", "guarantee"),
    grows="loan",
    per_firm=0.37,
    row_bytes=23.5,
    measures=(17, 19),
    event_on="registered_on",
    known_on="registered_on",
    rows_by="2022-09-30",
    columns=(
        Column("entry_id", "key", "登记编号", "Entry"),
        Column(
            "register",
            "code",
            "登记簿",
            "Register",
            values=codes(
                "guarantor 担保机构在保台账 Guarantors' register",
                "district 区级科技企业融资名单 District list",
                "platform 征信平台 Credit platform",
            ),
        ),
        Column(
            "institution_id",
            "key",
            "登记机构编号",
            "Guarantor or platform that keeps it; empty for a district",
            nullable=True,
            references="institution.institution_id",
        ),
        Column(
            "district_id",
            "key",
            "登记行政区编号",
            "District that keeps it",
            nullable=True,
            references="district.district_id",
        ),
        Column("lender_id", "key", "贷款机构编号", "Bank named in the entry", references="institution.institution_id"),
        Column("note_code", "text", "贷款借据编码", "Note code, where the register has it", nullable=True),
        Column(
            "borrower_uscc",
            "text",
            "企业统一社会信用代码",
            "Borrower's credit code, where the register has it",
            nullable=True,
            check="uscc",
            privacy="identifier",
        ),
        Column("borrower_name", "text", "企业名称", "Borrower's name as the register writes it", privacy="identifier"),
        Column("amount", "money", "登记金额", "Amount as registered", unit="CNY", low=0.01, privacy="sensitive"),
        Column(
            "granted_on",
            "date",
            "登记的发放日期",
            "Grant date as registered",
            low_on="2021-11-01",
            high_on="2027-12-31",
        ),
        Column("registered_on", "date", "登记日期", "Registered on", low_on="2022-01-01", high_on="2027-12-31"),
    ),
)

REGISTERS = ("guarantor", "district", "platform")
DISTRICT = 1
FIRST_DAY = day_number("2022-01-01")
LAST_DAY = day_number("2027-12-31")


def rows(block, needs, params, draw):
    """One row a note and register that shows it."""
    note, state = needs["note"], needs["firm_state"]
    one = _shown(note, needs["loan"]["amount_rmb"], needs["guarantee"], state["district"], params, draw)
    number, register = note["attempt"][one["note"]], one["register"]
    lag = draw.between("lag", number, 1, int(params["register.lag"]), register)
    registered = note["granted_on"][one["note"]] + lag
    # An entry's number says nothing of the note: 60 bits of a draw.
    entry = (draw.words("entry", number, register) >> np.uint64(4)).astype(np.int64)
    keep = np.flatnonzero(registered <= LAST_DAY)
    keep = keep[np.argsort(entry[keep])]
    register, number = register[keep], number[keep]
    at, keeper, amount = (one[name][keep] for name in ("note", "keeper", "amount"))
    row, of_district = note["row"][at], register == DISTRICT
    coded = ~draw.chance("code_missing", number, params["register.code_missing"], register)
    named = ~draw.chance("uscc_missing", number, params["register.uscc_missing"], register)
    return {
        "entry_id": entry[keep],
        "register": register,
        "institution_id": nullable(keeper, ~of_district),
        "district_id": nullable(keeper, of_district),
        "lender_id": note["bank"][at] + 1,
        "note_code": nullable(take(needs["loan"]["note_code"], at), coded),
        "borrower_uscc": nullable(take(needs["enterprise"]["uscc"], row), named),
        "borrower_name": _names(needs["enterprise"], state["parent"], row, number, register, params, draw),
        "amount": _amount(amount, number, register, params, draw),
        "granted_on": _date(note["granted_on"][at], registered[keep], number, register, params, draw),
        "registered_on": registered[keep],
        "_attempt": number,
    }


def _shown(note, amount, guarantee, district, params, draw):
    """Tagged borrowers' notes granted in the window, once in each register: note, register, its keeper, the amount."""
    eligible = note["tagged"] & (note["granted_on"] >= FIRST_DAY)
    some = np.flatnonzero(eligible)
    local = some[district[note["row"][some]] >= 0]
    covered = np.searchsorted(note["attempt"], guarantee["loan_id"])
    mine = np.flatnonzero(eligible[covered])
    platforms = _platforms()
    candidates = (
        (covered[mine], guarantee["guarantor_id"][mine], guarantee["principal"][mine]),
        (local, district[note["row"][local]] + 1, amount[local]),
        (some, platforms[draw.below("platform", note["attempt"][some], len(platforms))], amount[some]),
    )
    parts = []
    for register, (at, keeper, shown) in enumerate(candidates):
        share = params[f"register.{REGISTERS[register]}"]
        hit = draw.chance("shown", note["attempt"][at], share, register)
        which = np.full(int(hit.sum()), register)
        parts.append({"note": at[hit], "register": which, "keeper": keeper[hit], "amount": shown[hit]})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@cache
def _platforms():
    """Institutions that are credit platforms."""
    numbers = zip(vocabulary("institution", "institution_id"), vocabulary("institution", "kind"), strict=True)
    return np.array([int(number) for number, kind in numbers if kind == "credit_platform"])


def _names(enterprise, parent, row, number, register, params, draw):
    """The borrower's name, or that of its group."""
    grouped = draw.chance("group_named", number, params["register.group_named"], register) & (parent[row] > 0)
    words, last = vocabulary("name_head", "head"), np.zeros(len(row), np.int64)
    return either(
        grouped,
        compose((words, enterprise["_group_head"][row]), (("（集团）",), last)),
        take(enterprise["name_zh"], row),
    )


def _amount(amount, number, register, params, draw):
    """What the register should show, or near it: the limit, or a part, in place of the drawdown."""
    off = np.flatnonzero(draw.chance("amount_differs", number, params["register.amount_differs"], register))
    spread = params["register.amount_spread"] * (2 * draw.uniform("amount_spread", number[off], register[off]) - 1)
    shown = amount.copy()
    wrong = np.maximum((amount[off] * (1 + spread)).astype(np.int64), 100)
    shown[off] = round_significant(wrong, 3, draw.uniform("amount_round", number[off], register[off]))
    return shown


def _date(granted, registered, number, register, params, draw):
    """The day of the grant, or some days off; never after the registration."""
    off = draw.chance("date_differs", number, params["register.date_differs"], register)
    days = draw.between("date_days", number, 1, int(params["register.date_days"]), register)
    later = draw.chance("date_later", number, 0.5, register) & (granted + days <= registered)
    return granted + np.where(off, np.where(later, days, -days), 0)
