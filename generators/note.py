"""Loan notes open in the window: use and price of each. Unpublished; the loan tables are views of it."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Choice,
    Table,
    calibration_numbers,
    code_list,
    day_number,
    lpr_path,
    month_of,
    monthly,
    quantiles,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="借据底表",
    en="Notes open in the window",
    published=False,
    key=("attempt",),
    columns=(),
    needs=("firm_state", "credit_history", "carbon_account"),
    grows="credit_history",
)

NO_DAY = 1 << 30
BEFORE_WINDOW = day_number("2021-12-31")
FIRST_MONTH, MONTHS = 2016 * 12, 144
TECH, OUT, USE, OTHER = range(4)
DECARBONISATION = vocabulary("product", "code").index("decarbonisation")
NOT_OF_A_NOTE = (
    "first_credit_on",
    "applied_on",
    "channel",
    "decision",
    "due_diligence_on",
    "decided_on",
)


def rows(block, needs, params, draw):
    """The columns of credit_history for these notes, and use, industry flags, green flag, number of instalments."""
    state, history = needs["firm_state"], needs["credit_history"]
    keep = np.flatnonzero((history["granted_on"] < NO_DAY) & (history["end_on"] > BEFORE_WINDOW))
    note = {name: column.take(keep) for name, column in history.items() if name not in NOT_OF_A_NOTE}
    row, number = note["row"], note["attempt"]
    kind = state["kind"].take(row)
    off = (kind <= OUT) & draw.chance("off_trade", number, params["credit.off_trade_use"])
    elsewhere = draw.choice("use", number, Choice.of(vocabulary_numbers("industry", "weight_other")))
    use = np.where(off, elsewhere, state["industry"].take(row))
    strategic = state["strategic"].take(row) & ~off & (kind != OTHER)
    factor = monthly("trade_path", "green", FIRST_MONTH, MONTHS)[month_of(note["granted_on"]) - FIRST_MONTH]
    note["use"] = use
    note["usd"], note["amount"] = _currency(note, kind, params, draw)
    note["se"] = np.where(strategic, _strategic_class(use, number, draw), 0)
    for name in ("htp", "hts", "pa"):
        note[name] = _classes(name).take(use)
    note["tech_use"] = (note["se"] > 0) | (note["htp"] > 0) | (note["hts"] > 0) | (note["pa"] > 0)
    note["green"] = draw.chance("green", number, vocabulary_numbers("industry", "green_share").take(use) * factor)
    note["instalments"] = note["tenor"] // note["period"]
    note["purpose"] = _purpose(note)
    return note | _price(note, state, needs["carbon_account"]["_score_in"], params, draw)


def _purpose(note):
    """What the money is said to be for, as a position in the purposes of `loan`: by tenor and use."""
    short = np.where(note["attempt"] % 2 == 0, 0, 1)
    long = np.where(note["tech_use"], np.where(note["attempt"] % 3 == 0, 2, 4), 3)
    return np.where(note["usd"], 5, np.where(note["tenor"] > 36, long, short))


def _currency(note, kind, params, draw):
    """(is it in dollars, principal in cents of the note's currency): larger firms outside tech borrow some abroad."""
    dollars = (kind > OUT) & (note["size"] <= 1) & draw.chance("usd", note["attempt"], params["credit.usd_share"])
    dollars &= note["amount"] >= 200 * vocabulary_numbers("product", "min_amount").take(note["product"])
    fx = monthly("usd_cny", "usd_cny", FIRST_MONTH, MONTHS)[month_of(note["granted_on"]) - FIRST_MONTH]
    # Whole thousands of dollars, a little below the amount asked for, so that no product's limit is passed.
    thousands = np.floor(note["amount"] / fx * 0.97 / 100_000).astype(np.int64)
    return dollars, np.where(dollars, thousands * 100_000, note["amount"])


@cache
def _classes(name):
    """Position + 1 in the code list by industry, 0 where the class carries no flag."""
    places = {"": 0} | {code.code: i + 1 for i, code in enumerate(code_list(name))}
    return np.array([places[text] for text in vocabulary("industry", name)])


def _strategic_class(use, number, draw):
    """Position + 1 of one of the strategic-emerging classes that the use may carry, 0 if it may carry none."""
    matrix = _strategic_classes()
    return matrix[use, draw.below("strategic_class", number, matrix.shape[1])]


@cache
def _strategic_classes():
    """The classes of each industry, repeated to one length."""
    codes = [code.code for code in code_list("se")]
    lists = [
        [codes.index(code) + 1 for code in text.split("|")] if text else [0]
        for text in vocabulary("industry", "se_classes")
    ]
    widest = max(map(len, lists))
    return np.array([(classes * widest)[:widest] for classes in lists])


def _price(note, state, carbon_score, params, draw):
    """Rate in 1e-5 percent at grant: LPR of like tenor + market + class + quality, within the product's bounds.

    That of a carbon-reduction loan falls with each point of the borrower's score above the usual one.
    """
    attempt, row, product = note["attempt"], note["row"], note["product"]
    month = month_of(note["granted_on"]) - FIRST_MONTH
    long = note["tenor"] >= 60
    lpr = np.where(
        long, lpr_path("lpr_5y", FIRST_MONTH, MONTHS).take(month), lpr_path("lpr_1y", FIRST_MONTH, MONTHS).take(month)
    )
    spread = monthly("rate_spread", "spread", FIRST_MONTH, MONTHS).take(month)
    spread = spread + calibration_numbers("firm_class", "rate_spread").take(state["class"].take(row))
    spread = spread - 0.10 * state["quality"].take(row) + 0.25 * draw.quantile("spread", attempt, quantiles("normal"))
    spread = spread + params.at("credit.rate_lift", state["firm"].take(row), month + FIRST_MONTH)
    green = np.flatnonzero(product == DECARBONISATION)
    points = carbon_score[row[green], month[green]] - params["carbon.score_mean"]
    spread[green] -= params["carbon.rate_cut"] / 100 * points
    low = vocabulary_numbers("product", "rate_spread_bp_min").take(product) / 100
    high = vocabulary_numbers("product", "rate_spread_bp_max").take(product) / 100
    basis_points = np.floor(np.clip(spread, low, high) * 100 + 0.5).astype(np.int64)
    return {
        "lpr": lpr,
        "rate": np.maximum(lpr + basis_points * 1000, 50_000),
        "floating": ~draw.chance("fixed_rate", attempt, params["credit.fixed_rate_share"]) & (note["tenor"] > 12),
    }
