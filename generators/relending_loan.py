"""The ledger of sci-tech relending: new loans that fit a lot, and the draw in which the bank claims them."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration,
    code_list,
    codes,
    day_in_month,
    day_number,
    month_end,
    month_of,
    monthly,
    next_weekday,
    nullable,
    spans,
    vocabulary,
)

TABLE = Table(
    zh="再贷款台账",
    en="Ledger of loans under sci-tech relending",
    key=("loan_id",),
    needs=("note", "institution", "enterprise", "firm_month", "enterprise_tag", "tag_month", "list_entry", "project"),
    grows="loan",
    per_firm=0.0197,
    row_bytes=41,
    measures=(1,),
    event_on="granted_on",
    known_on="entered_on",
    rows_by="2026-12-31",
    columns=(
        Column("loan_id", "key", "借据编号", "Loan note", references="loan.loan_id"),
        Column("lot", "code", "再贷款批次", "Lot of the programme", values=code_list("relending_lot")),
        Column("subject", "code", "支持主体", "Subject", values=codes("firm 企业 Firm", "project 项目 Project")),
        Column("granted_on", "date", "贷款发放日期", "Granted on", low_on="2022-04-28", high_on="2027-12-31"),
        Column(
            "entered_on", "date", "登记台账日期", "Entered on the ledger", low_on="2022-04-28", high_on="2028-01-31"
        ),
        Column("eligible_principal", "money", "合格贷款本金", "Eligible principal", unit="CNY", low=0.01),
        Column(
            "draw_id",
            "key",
            "再贷款编号",
            "Draw that refinances it",
            nullable=True,
            references="relending_draw.draw_id",
            known_on="drawn_on",
        ),
        Column("drawn_on", "date", "再贷款发放日", "Drawn on", nullable=True, known_on="drawn_on"),
        Column(
            "refinanced_amount",
            "money",
            "对应再贷款金额",
            "Amount refinanced",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="drawn_on",
        ),
    ),
)


LOTS = tuple(code.code for code in code_list("relending_lot"))
RENEWAL = [code.code for code in code_list("project_kind")].index("equipment_renewal")
RELENDING = [code.code for code in code_list("list_kind")].index("relending")
EQUIPMENT_PURPOSES = (3, 4)  # of note: plant and equipment, technical upgrade
EQUIPMENT = LOTS.index("EQ2024")
FIRST_MONTH, MONTHS = 2016 * 12, 144
WINDOW, WINDOW_MONTHS = 2022 * 12, 72
QUARTER = 3  # months between claims
IN_SCOPE, FIRST_TAG_BIT = 1, 2
FIRST_YEAR = 2015  # of the yearly arrays of firm_month
NO_DAY = 1 << 30
LAST_DAY = day_number("2027-12-31")


def rows(block, needs, params, draw):
    """One row a loan on the ledger; `_note`, `_lot`, `_bank` and `_quarter` are handed on."""
    notes = needs["note"]
    opens, _ = _days()
    eligible = needs["institution"]["relending_eligible"][notes["bank"]]
    at = np.flatnonzero(eligible & (notes["granted_on"] >= opens[0]) & ~notes["usd"])
    note = {name: notes[name].take(at) for name in _USED}
    lot = _lot(block, note, needs, params)
    month = month_of(note["granted_on"])
    share = _take_up()[lot, month - WINDOW] * params.at("relending.participation", note["attempt"], month)
    turn = draw.uniform("participation", note["attempt"])
    quarter = (month.astype(np.int64) - WINDOW) // QUARTER
    draw_id, drawn_on, ratio = _claim(note["bank"], lot, quarter, params, draw)
    drawn = drawn_on <= LAST_DAY
    if block.index == 0:  # the first loan that can be claimed in time enters: no scale has an empty ledger, or no draw
        turn[np.flatnonzero((lot >= 0) & (share > 0) & drawn)[:1]] = 0.0
    joins = np.flatnonzero((lot >= 0) & (turn < share))
    note, lot, month, quarter = (
        {name: column[joins] for name, column in note.items()},
        lot[joins],
        month[joins],
        quarter[joins],
    )
    draw_id, drawn_on, ratio, drawn = (column[joins] for column in (draw_id, drawn_on, ratio, drawn))
    ends = month_end(month).astype(np.int64)
    return {
        "loan_id": note["attempt"],
        "lot": lot,
        "subject": (lot == EQUIPMENT).astype(np.int64),
        "granted_on": note["granted_on"],
        "entered_on": np.minimum(note["granted_on"] + draw.between("entered", note["attempt"], 0, 20), ends),
        "eligible_principal": note["amount"],
        "draw_id": nullable(draw_id, drawn),
        "drawn_on": nullable(drawn_on, drawn),
        "refinanced_amount": nullable(note["amount"] // 10_000 * ratio, drawn),
        "_note": at[joins],
        "_lot": lot,
        "_bank": note["bank"],
        "_quarter": quarter,
        "_end_on": note["end_on"],
        "_drawn": drawn,
    }


_USED = ("attempt", "row", "bank", "amount", "granted_on", "end_on", "tenor", "size", "use", "product", "purpose")


@cache
def _days():
    """(first day, first day outside) of each lot."""
    opens, closes = (calibration("relending_lot", name) for name in ("opens_on", "closes_on"))
    days = [
        np.array([day or "2100-01-01" for day in column], "datetime64[D]").astype(np.int64)
        for column in (opens, closes)
    ]
    return days[0], days[1]


@cache
def _take_up():
    """Share of fitting loans that enter, by lot and month of the window."""
    return np.stack([monthly("relending_take_up", lot, WINDOW, WINDOW_MONTHS) for lot in LOTS])


def _lot(block, note, needs, params):
    """The first lot that is open at grant and that the loan of a listed firm fits, -1 if none."""
    opens, closes = _days()
    on, row = note["granted_on"], note["row"]
    month = month_of(on).astype(np.int64)
    listed = _listed(row, on, needs["list_entry"]) & ~_outside()[note["use"]]
    at = month - FIRST_MONTH
    held = needs["tag_month"]["held"].reshape(-1)
    # A tag counts if it was published before the month and is valid to its end; no day between two may be without.
    tags = held.take(row * MONTHS + at) & held.take(row * MONTHS + at - 1)
    spells = needs["enterprise_tag"]
    sme, tech = note["size"] >= 1, _tagged(block, row, on, listed & ((tags & IN_SCOPE) > 0), spells, spells["in_scope"])
    of_lot = (_tag_bits() >> (FIRST_TAG_BIT + spells["tag"])) & 1
    rd = needs["firm_month"]["rd_ratio"][row, month // 12 - 1 - FIRST_YEAR]
    fits = {
        "tag": _tagged(block, row, on, listed & ((tags & _tag_bits()) > 0), spells, of_lot),
        "first": sme & tech & _first(row, on, listed),
        "equipment": _renews(row, on, needs["project"])
        & _for_equipment(note)
        & (note["tenor"] >= params["relending.least_tenor"]),
        "tech": tech,
        "private_rd": sme & _private()[needs["enterprise"]["ownership"][row]] & (rd >= params["relending.private_rd"]),
    }
    lot = np.full(len(row), -1)
    for place in reversed(range(len(LOTS))):
        serves = listed & fits[calibration("relending_lot", "serves")[place]]
        lot[serves & (on >= opens[place]) & (on < closes[place])] = place
    return lot


def _first(row, on, listed):
    """Is it the firm's first loan of an eligible lender since it was pushed?"""
    first = np.full(row.max(initial=0) + 1, NO_DAY)
    np.minimum.at(first, row[listed], on[listed])
    return listed & (on == first[row])


def _listed(row, on, entry):
    """Is the firm on the relending list on the day: pushed to the banks in an earlier month, and not removed?"""
    pushed, removed = entry["pushed_on"], entry["removed_on"]
    mine = np.flatnonzero(pushed.valid & (entry["list"] == RELENDING))
    since = month_end(month_of(pushed.values[mine])) + 1
    until = np.where(removed.valid[mine], removed.values[mine], NO_DAY)
    return _within_any(row, on, entry["_row"][mine], since, until)


def _tagged(block, row, on, asked, spells, chosen):
    """Which of the notes asked about have a borrower with a chosen tag that is valid and published on the day?"""
    mine, of = np.flatnonzero(chosen), np.flatnonzero(asked)
    since = np.maximum(spells["valid_from"], spells["published_on"])[mine]
    until = spells["valid_to"][mine].astype(np.int64) + 1
    found = np.zeros(len(row), bool)
    found[of] = _within_any(row[of], on[of], spells["enterprise_id"][mine] - block.first, since, until)
    return found


def _renews(row, on, project):
    """Has the firm an equipment-renewal project in work on the day?"""
    mine = np.flatnonzero(project["kind"] == RENEWAL)
    done = project["completed_on"]
    until = np.where(done.valid[mine], done.values[mine], NO_DAY)
    return _within_any(row, on, project["_row"][mine], project["approved_on"][mine], until)


def _within_any(row, on, owner, since, until):
    """Does the day lie in [since, until) of any span of its row? `owner` is the row of each span."""
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], row)
    count = np.searchsorted(owner[order], row, side="right") - first
    asked, span = np.repeat(np.arange(len(row)), count), order[spans(first, count)]
    inside = (on[asked] >= since[span]) & (on[asked] < until[span])
    return np.bincount(asked[inside], minlength=len(row)) > 0


def _for_equipment(note):
    """Is it a fixed-asset loan, or one whose stated purpose is equipment or its upgrade?"""
    return _fixed_asset()[note["product"]] | np.isin(note["purpose"], EQUIPMENT_PURPOSES)


@cache
def _fixed_asset():
    return np.array([kind == "F023" for kind in vocabulary("product", "standard_class")])


@cache
def _outside():
    """By use: finance and property, which the programme does not serve."""
    return np.array([section in ("J", "K") for section in vocabulary("industry", "section")])


@cache
def _tag_bits():
    names = [code.code for code in code_list("tag")]
    return sum(1 << (FIRST_TAG_BIT + names.index(tag)) for tag in calibration("relending_lot", "tags")[0].split("|"))


@cache
def _private():
    """By ownership code: a private enterprise."""
    return np.array([code.code.startswith("B01") for code in code_list("ownership")])


def _claim(bank, lot, quarter, params, draw):
    """(id, day, refinanced part in 1e-4) of the bank's claim for the lot and quarter, the same for all its loans."""
    month = WINDOW + (quarter + 1) * QUARTER  # lend first, claim in the month after the quarter
    draw_id = (lot + 1) * 10**9 + (month // 12 * 100 + month % 12 + 1) * 1000 + bank + 1
    day = day_in_month(month, 0.3 + 0.5 * draw.uniform("day", draw_id))
    less = draw.chance("claims_less", draw_id, params["relending.claims_less"])
    part = np.where(less, 1 - 0.2 * draw.uniform("less", draw_id), 1.0)
    return (
        draw_id,
        next_weekday(day).astype(np.int64),
        (params["relending.funding_share"] * 100 * part).astype(np.int64),
    )
