"""Draws of sci-tech relending: what a bank claims for the loans that a lot's ledger gained in a quarter."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    add_months,
    calibration,
    calibration_numbers,
    code_list,
    day_number,
    month_end,
    nullable,
    vocabulary,
)

TABLE = Table(
    zh="再贷款发放",
    en="Draws of sci-tech relending",
    stage="settle",
    key=("draw_id",),
    needs=("relending_loan",),
    grows="relending_loan",
    fixed_rows=150,
    per_firm=0.0012,
    row_bytes=35,
    measures=(1,),
    event_on="drawn_on",
    known_on="drawn_on",
    rows_by="2026-12-31",
    columns=(
        Column("draw_id", "key", "再贷款编号", "Draw"),
        Column("institution_id", "key", "金融机构", "Bank", references="institution.institution_id"),
        Column("lot", "code", "再贷款批次", "Lot of the programme", values=code_list("relending_lot")),
        Column("quarter", "date", "台账季末", "End of the quarter whose loans are claimed", references="month.month"),
        Column("drawn_on", "date", "再贷款发放日", "Drawn on", low_on="2022-07-01", high_on="2027-12-31"),
        Column("loans", "count", "对应贷款笔数", "Loans under the draw", low=1),
        Column("eligible_principal", "money", "合格贷款本金", "Their eligible principal", unit="CNY", low=0.01),
        Column("amount", "money", "再贷款金额", "Amount drawn", unit="CNY", low=0.01),
        Column("rate", "rate", "再贷款利率", "Rate of the day", unit="%", low=0, high=5),
        Column("due_on", "date", "到期日", "Due on, before any extension"),
        Column(
            "first_extended_on", "date", "首次展期日", "Extended by a year", nullable=True, known_on="first_extended_on"
        ),
        Column(
            "second_extended_on", "date", "二次展期日", "Extended again", nullable=True, known_on="second_extended_on"
        ),
        Column("repaid_on", "date", "归还日", "Repaid on", nullable=True, known_on="repaid_on"),
    ),
)


WINDOW, QUARTERS = 2022 * 12, 24
LAST_DAY = day_number("2027-12-31")
SUMS = ("loans", "principal", "drawn", "running_1", "running_2")


def partial(block, needs, params, draw):
    """By lot, quarter and bank: loans, principal, refinanced amount and what of the principal still runs when due."""
    ledger = needs["relending_loan"]
    at = np.flatnonzero(ledger["_drawn"])
    cell = (ledger["_lot"][at] * QUARTERS + ledger["_quarter"][at]) * _banks() + ledger["_bank"][at]
    principal, drawn_on = ledger["eligible_principal"][at], ledger["drawn_on"].values[at]
    sums = np.zeros((len(SUMS), _cells()), np.int64)
    np.add.at(sums[0], cell, 1)
    np.add.at(sums[1], cell, principal)
    np.add.at(sums[2], cell, ledger["refinanced_amount"].values[at])
    for years in (1, 2):
        runs = ledger["_end_on"][at] > add_months(drawn_on, np.full(len(at), 12 * years))
        np.add.at(sums[2 + years], cell[runs], principal[runs])
    days = np.zeros((2, _cells()), np.int64)
    days[0, cell], days[1, cell] = drawn_on, ledger["draw_id"].values[at]
    return {"sums": sums, "days": days}


def merge(a, b):
    """Two partial states as one: a draw's day and number are the same in every block that has loans under it."""
    return {"sums": a["sums"] + b["sums"], "days": np.maximum(a["days"], b["days"])}


def finish(state, needs, params, draw):
    """One row a bank, lot and quarter with a claim."""
    cell = np.flatnonzero(state["sums"][0])
    cell = cell[np.argsort(state["days"][1, cell])]
    one = dict(zip(SUMS, state["sums"][:, cell], strict=True))
    drawn_on, draw_id = state["days"][:, cell]
    due = [add_months(drawn_on, np.full(len(cell), 12 * years)).astype(np.int64) for years in (1, 2, 3)]
    floor = params["relending.extension_floor"]
    first = (one["running_1"] >= one["principal"] * floor) & (one["running_1"] > 0)
    second = first & (one["running_2"] >= one["principal"] * floor) & (one["running_2"] > 0)
    repaid_on = np.where(second, due[2], np.where(first, due[1], due[0]))
    return {
        "draw_id": draw_id,
        "institution_id": cell % _banks() + 1,
        "lot": cell // _banks() // QUARTERS,
        "quarter": month_end(WINDOW + 3 * (cell // _banks() % QUARTERS) + 2),
        "drawn_on": drawn_on,
        "loans": one["loans"],
        "eligible_principal": one["principal"],
        "amount": one["drawn"],
        "rate": _rate(drawn_on),
        "due_on": due[0],
        "first_extended_on": nullable(due[0], first & (due[0] <= LAST_DAY)),
        "second_extended_on": nullable(due[1], second & (due[1] <= LAST_DAY)),
        "repaid_on": nullable(repaid_on, repaid_on <= LAST_DAY),
    }


def _rate(day):
    """Relending rate in force on the day, 1e-5 percent."""
    starts = np.array(calibration("relending_rate", "effective_from"), "datetime64[D]").astype(np.int64)
    rates = np.floor(calibration_numbers("relending_rate", "rate") * 1e5 + 0.5).astype(np.int64)
    return rates[np.searchsorted(starts, day, side="right") - 1]


def _cells():
    return len(code_list("relending_lot")) * QUARTERS * _banks()


def _banks():
    return vocabulary("institution", "kind").count("bank")
