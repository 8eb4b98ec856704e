"""Programmes of bonds from the reserve to the last issue: who, where, what, when, how much. Unpublished.

Programmes of firms and managers and IP-backed securities are numbered populations that hang evenly on the firms, so
that counts follow the scale without noise; those of financial institutions are fixed and stand in the first block with
amounts x scale. The issuer of a firm's programme is one of the firms up to its host, so a scale stays a prefix.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    Choice,
    Table,
    calibration,
    calibration_numbers,
    day_number,
    hosted,
    kronecker,
    month_of,
    next_weekday,
    quantiles,
    round_significant,
)

TABLE = Table(
    zh="债券项目底表",
    en="Programmes of bonds",
    published=False,
    key=("pipeline_id",),
    columns=(),
    needs=("firm_state", "firm_month", "tag_month", "listing_path", "fund_state"),
    grows="scale",
)

POPULATIONS = ("firm_interbank", "firm_exchange", "equity_interbank", "equity_exchange", "ip")
ISSUERS = {"firm": 0, "equity": 1, "ip": 3}  # positions in the list bond_issuer
FINANCIAL, FIRST_FINANCIAL_ID = 2, 90_000_000
ID_SPAN = 10_000_000  # numbers of one population
MICRO_LENDERS = 107, 108  # of the institution vocabulary
FIRST_MONTH, MONTHS = 2016 * 12, 144
END = FIRST_MONTH + MONTHS
NO_DAY = 1 << 30
IN_SCOPE = 1
PICKS = 6  # firms that a programme may fall to, in turn, until one is fit
MOST_TRANCHES = 3
HUNDRED_MILLION = 10_000_000_000  # cents
HALF = HUNDRED_MILLION // 2
RESERVE_LEAD, COACH_LEAD, LAPSE_AFTER = 90, 60, 365  # days around the registration of a financial institution
FIRST_MARKET_MANAGER = 100  # of fund_manager: ids of market managers are this plus their number
DAY_END = day_number("2028-01-01")


def rows(block, needs, params, draw):
    """Arrays by programme; `day` and `amount` by tranche, NO_DAY and 0 where there is none."""
    world = {name: needs["firm_state"][name] for name in ("firm", "kind", "class", "size", "quality", "founded_month")}
    world |= {name: needs["firm_month"][name] for name in ("exit_month", "default_month")}
    world |= {"held": needs["tag_month"]["held"], "listed": needs["listing_path"]["listed"]}
    parts = [_population(place, name, block, needs, world, params, draw) for place, name in enumerate(POPULATIONS)]
    if block.index == 0:
        parts.append(_financial(params))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _population(place, name, block, needs, world, params, draw):
    """The programmes of one population whose host is a firm of the block and that find an issuer."""
    who, _, where = name.partition("_")
    starts, expected = _path(name)
    number, host = hosted(block, expected[-1] / (1 - params["bond.lapse"]) / params["population.firms"])
    key = place * ID_SPAN + number
    spread = [kronecker(draw.seed, f"bond.{name}", number, dimension, 3) for dimension in range(3)]
    # The first IP-backed security opens the market, so that no scale is without a bond.
    opens = (number == 1) & (who == "ip")
    first = np.interp(np.where(opens, 0.0, spread[0]) * expected[-1], expected, starts).astype(np.int64)
    issued = opens | (spread[2] >= params["bond.lapse"])
    step = _steps(first, key, draw)
    issuer = _firms(host, month_of(step["registered_on"]), key, world, params, draw) if who == "firm" else None
    issuer = _managers(needs["fund_state"], host, step["registered_on"], key, draw) if who == "equity" else issuer
    found = {
        "pipeline_id": key,
        "issuer_type": np.full(len(key), ISSUERS[who]),
        "issuer": np.array(MICRO_LENDERS)[draw.below("lender", key, len(MICRO_LENDERS))] if issuer is None else issuer,
        "row": np.full(len(key), -1) if who != "firm" else issuer - block.first,
        "venue": np.full(len(key), int(where != "interbank")),
        "term": draw.choice("term", key, Choice.of(_terms(name))),
        **_issues(name, first, issued, spread[1], key, params, draw),
        **_ends(step, issued, key, draw),
    }
    keep = (found["issuer"] > 0) & (found["reserved_on"] < DAY_END)
    return {name: column[keep] for name, column in found.items()}


@cache
def _path(name):
    """(days, programmes expected until each) of a population: the path of their first issues."""
    days = np.array(calibration("bond_issue", "from"), "datetime64[D]").astype(np.int64)
    counts = calibration_numbers("bond_issue", name)
    return days, np.concatenate(([0.0], np.cumsum(counts[:-1])))


@cache
def _terms(name):
    """Weight of each row of the term table for a population."""
    return calibration_numbers("bond_term", "weight") * (np.array(calibration("bond_term", "population")) == name)


def _steps(first, key, draw):
    """The days before the first issue, as they would be without a lapse."""
    registered_on = first - draw.between("registered", key, 7, 180)
    coached_on = registered_on - draw.between("coached", key, 30, 120)
    reserved_on = coached_on - draw.between("reserved", key, 10, 60)
    return {"reserved_on": reserved_on, "coached_on": coached_on, "registered_on": registered_on}


def _ends(step, issued, key, draw):
    """The steps that were taken, and the day on which a programme without an issue lapsed."""
    reached = np.where(issued, 2, draw.below("reached", key, 3))
    last = np.choose(reached, list(step.values()))
    taken = {name: np.where(reached >= place, day, NO_DAY) for place, (name, day) in enumerate(step.items())}
    return taken | {"lapsed_on": np.where(issued, NO_DAY, last + draw.between("lapsed", key, 90, 360))}


def _issues(name, first, issued, place, key, params, draw):
    """Days and amounts of up to three bonds, and the amount registered for all of them."""
    second = (name != "ip") & draw.chance("second", key, params["bond.second_tranche"])
    third = second & draw.chance("third", key, params["bond.third_tranche"])
    after = first + draw.between("second_day", key, 60, 420)
    day = np.stack((first, after, after + draw.between("third_day", key, 60, 300)), axis=1)
    day = next_weekday(day).astype(np.int64)
    ordinal = np.arange(MOST_TRANCHES)[None, :]
    # The first bonds of all programmes are spread evenly over the sizes.
    u = np.where(ordinal == 0, place[:, None], draw.uniform("size", key[:, None], ordinal))
    size = quantiles("lognormal_0.3" if name == "ip" else "lognormal_0.5").at(u) * params[f"bond.mean_{name}"]
    size = np.maximum(size * HUNDRED_MILLION, HALF).astype(np.int64)
    size = round_significant(size, 2, draw.uniform("size_round", key[:, None], ordinal))
    made = issued[:, None] & np.stack((issued, second, third), axis=1)
    total = np.where(made.any(axis=1), (size * made).sum(axis=1), size[:, 0])
    room = draw.uniform("room", key)
    registered = round_significant((total * (1 + 2 * room * (name != "ip"))).astype(np.int64), 2, room)
    made &= day < DAY_END
    return {
        "day": np.where(made, day, NO_DAY),
        "amount": np.where(made, size, 0),
        "registered": np.maximum(registered, total),
    }


def _picks(purpose, rows, weight, host, key, draw):
    """(programmes, PICKS) places among candidates on rows up to the host, by weight; and whether there are any."""
    total = np.concatenate(([0.0], np.cumsum(weight)))
    until = np.searchsorted(rows, host, side="right")
    u = draw.uniform(purpose, key[:, None], np.arange(PICKS)[None, :])
    place = np.searchsorted(total[1:], u * total[until][:, None], side="right")
    return np.minimum(place, np.maximum(until - 1, 0)[:, None]), (until > 0)[:, None]


def _first_fit(fit, numbers):
    """The first pick that fits, 0 where none does."""
    return np.where(fit.any(axis=1), numbers[np.arange(len(fit)), fit.argmax(axis=1)], 0)


def _firms(host, month, key, world, params, draw):
    """Number of the issuing firm: a large or medium tech firm up to the host, likelier a strong or listed one; or 0."""
    rows = np.flatnonzero((world["kind"] == 0) & (world["size"] <= 1) & (world["exit_month"] >= END))
    if not len(rows):
        return np.zeros(len(key), np.int64)
    weight = np.where(world["size"][rows] == 0, params["bond.large_weight"], 1.0)
    weight *= np.where(world["listed"][rows] < END, params["bond.listed_weight"], 1.0)
    weight *= np.clip(1.0 + params["bond.quality_weight"] * world["quality"][rows], 0.1, 3.0)
    place, fit = _picks("issuer", rows, weight, host, key, draw)
    row, at = rows[place], month[:, None]
    fit = fit & (world["held"][row, np.clip(at - FIRST_MONTH, 0, MONTHS - 1)] & IN_SCOPE > 0)
    fit &= (world["default_month"][row] > at + 6) & (world["founded_month"][row] + 36 <= at)
    return _first_fit(fit, world["firm"][row])


def _managers(managers, host, registered_on, key, draw):
    """Id of the issuing fund manager: one of those up to the host, likelier one with much money; or 0."""
    rows = managers["manager_row"]
    if not len(rows):
        return np.zeros(len(key), np.int64)
    place, fit = _picks("manager", rows, managers["reach"], host, key, draw)
    fit = fit & (managers["registered"][place] + 365 < registered_on[:, None])
    fit &= managers["deregistered"][place] >= DAY_END
    return _first_fit(fit, FIRST_MARKET_MANAGER + managers["manager"][place])


def _financial(params):
    """Programmes of brokers, banks and asset-investment companies, the same at every scale but for the amounts."""
    fixed = _fixed()
    amounts = {
        name: (fixed[name] * (HUNDRED_MILLION * params.scale) + 0.5).astype(np.int64)
        for name in ("amount", "registered")
    }
    return fixed | amounts | {"registered": np.maximum(amounts["registered"], amounts["amount"].sum(axis=1))}


@cache
def _fixed():
    """The rows of bond_institution.csv by registration; amounts in CNY 100 million."""
    name = "bond_institution"
    day = {
        column: np.array([text or "9999-12-31" for text in calibration(name, column)], "datetime64[D]").astype(np.int64)
        for column in ("registered_on", "issued_on")
    }
    who = calibration_numbers(name, "institution_id").astype(np.int64)
    _, first, of = np.unique(who * 100_000 + day["registered_on"], return_index=True, return_inverse=True)
    count = len(first)
    order = np.lexsort((day["issued_on"], of))
    rank = np.empty(len(of), np.int64)
    rank[order] = np.arange(len(of)) - np.searchsorted(of[order], of[order])
    days, amount = np.full((count, MOST_TRANCHES), NO_DAY), np.zeros((count, MOST_TRANCHES))
    days[of, rank] = np.minimum(day["issued_on"], NO_DAY)
    amount[of, rank] = calibration_numbers(name, "amount")
    registered_on = day["registered_on"][first]
    issued = days[:, 0] < NO_DAY
    instruments = list(
        zip(*(calibration(name, column) for column in ("instrument", "structure", "tenor")), strict=True)
    )
    known = list(
        zip(*(calibration("bond_term", column) for column in ("instrument", "structure", "tenor")), strict=True)
    )
    return {
        "pipeline_id": FIRST_FINANCIAL_ID + np.arange(1, count + 1),
        "issuer_type": np.full(count, FINANCIAL),
        "issuer": who[first],
        "row": np.full(count, -1),
        "venue": np.array([text == "exchange" for text in calibration(name, "venue")]).astype(np.int64)[first],
        "term": np.array([known.index(text) for text in instruments])[first],
        "day": days,
        "amount": amount,
        "registered": calibration_numbers(name, "registered")[first],
        "reserved_on": registered_on - RESERVE_LEAD,
        "coached_on": registered_on - COACH_LEAD,
        "registered_on": registered_on,
        "lapsed_on": np.where(issued, NO_DAY, registered_on + LAPSE_AFTER),
    }
