"""Fiscal support of loan notes: interest subsidies and the city risk pool. Unpublished; read by all that shows them."""

from functools import cache

import numpy as np

from sfbench.kit import Table, calibration, calibration_numbers, code_list, day_number, month_of, vocabulary

TABLE = Table(
    zh="财政扶持底表",
    en="Fiscal support of notes",
    published=False,
    key=("note",),
    columns=(),
    needs=("note", "relending_loan"),
    grows="note",
)

MILLION = 100_000_000  # cents
NO_DAY = 1 << 30
WINDOW = day_number("2022-01-01")
SETTLED = day_number("2026-10-01")  # of a note granted before, the interest of a year is settled in the window
SOUND_DAYS = 62  # a month-end lies among them


def rows(block, needs, params, draw):
    """Arrays over the notes: central, city, pooled (bool), support (position in the code list `fiscal`)."""
    note, ledger = needs["note"], needs["relending_loan"]
    central = np.zeros(len(note["attempt"]), bool)
    renewal = ledger["lot"] == [code.code for code in code_list("relending_lot")].index("EQ2024")
    starts = np.datetime64(calibration("equipment_subsidy", "granted_from")[0], "D").astype(np.int64)
    renewal &= ledger["granted_on"] >= starts
    renewal &= draw.chance("equipment", ledger["loan_id"], params["subsidy.equipment_take_up"])
    central[ledger["_note"][renewal]] = True
    city = _city(block, note, central, params, draw)
    pooled = (note["size"] >= 2) & ~note["usd"] & (note["amount"] <= params["riskpool.loan_cap"] * MILLION)
    pooled &= note["granted_on"] >= _joined()[note["bank"]]
    pooled &= draw.chance("registered", note["attempt"], params["riskpool.registered"])
    place = [[code.code for code in code_list("fiscal")].index(code) for code in ("A0101", "A0201", "B", "Z")]
    support = np.where(central, place[0], np.where(city, place[1], np.where(pooled, place[2], place[3])))
    return {"central": central, "city": city, "pooled": pooled, "support": support}


def _city(block, note, central, params, draw):
    """Notes of tech SMEs that use the city's subsidy: a firm uses it for all its notes that fit, or for none."""
    fits = np.flatnonzero(note["tagged"] & (note["size"] >= 1) & (note["granted_on"] >= WINDOW) & ~central)
    turn = draw.uniform("keen", note["attempt"][fits] >> 15)
    if block.index == 0:  # the first firm that surely pays interest for a year that is settled in time is keen: no
        # scale is without a subsidy
        sound = np.minimum(note["overdue_on"][fits], note["end_on"][fits]) > note["granted_on"][fits] + SOUND_DAYS
        sure = note["row"][fits][sound & (note["granted_on"][fits] < SETTLED)]
        turn[note["row"][fits] == sure.min(initial=NO_DAY)] = 0.0
    city = np.zeros(len(central), bool)
    p = params.at("subsidy.city_take_up", note["attempt"][fits] >> 15, month_of(note["granted_on"][fits]))
    city[fits[turn < p]] = True
    return city


@cache
def _joined():
    """Day on which each bank joined the risk pool, NO_DAY if it has not."""
    days = np.full(vocabulary("institution", "kind").count("bank"), NO_DAY)
    bank = calibration_numbers("risk_pool_bank", "institution_id").astype(np.int64) - 1
    days[bank] = np.array(calibration("risk_pool_bank", "joined_on"), "datetime64[D]").astype(np.int64)
    return days
