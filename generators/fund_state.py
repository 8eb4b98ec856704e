"""Managers and their funds: who registers when, which funds each founds, how large, for how long, under which parent.

Unpublished; fund_manager, fund, fund_commitment and capital_call are views of it. The named public funds (fund_id
below 1000) are the same at every scale and enter with the first block; market funds hang on their manager's number.
Every share of an evenly spread sequence over the manager's number is one layer of funds, so that a small scale
already holds about the right totals. Funds begin in 2016: older ones would need deals from before the horizon.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    Block,
    Choice,
    ChoiceByRow,
    Table,
    add_months,
    calibration,
    calibration_numbers,
    code_list,
    day_in_month,
    hosted,
    kronecker,
    next_weekday,
    quantiles,
    round_to,
    vocabulary,
)

TABLE = Table(
    zh="基金底表",
    en="Managers and funds",
    published=False,
    key=("fund_id",),
    columns=(),
    grows="scale",
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
END = FIRST_MONTH + MONTHS
NO_DAY = 1 << 30
NEVER = 1 << 40
LAYERS = tuple(code.code for code in code_list("fund_layer"))
STAGES = tuple(code.code for code in code_list("fund_stage"))
SPREAD = (
    "sub_fund",
    "angel_sub",
    "seed_sub",
    "growth",
    "s_fund",
    "merger",
    "qflp",
    "hetao_sub",
)  # by share of managers
MARKET = LAYERS.index("market")
VENTURE_ROW = len(LAYERS)  # of the layer table: plain funds of venture managers
SLOTS = 16  # fund numbers of a manager: 0 is a fund of a group layer, the others are plain
FIRST_MARKET_FUND, FIRST_MARKET_MANAGER = 1000, 100
CALLS = 4
UNIT = 10**10  # cents in CNY 100m
TEN_THOUSAND, MILLION = 10**6, 10**8  # cents in CNY 10,000 and in CNY 1m
LEAST = 10 * MILLION  # the association files no fund below CNY 10m
TERMS = (5, 7, 8, 10, 12, 15)
DUAL_LAYERS = tuple(LAYERS.index(name) for name in ("hetao_mother", "hetao_sub"))
RMB, QFLP, DUAL = range(3)


def rows(block, needs, params, draw):
    """Arrays by manager (`manager`, ...) and by fund (`fund_id`, ...); calls are (funds, 4)."""
    managers = _managers(block, params, draw)
    funds = _market_funds(managers, params, draw)
    if block.index == 0:
        public = _public_funds(params)
        funds = {name: np.concatenate([public[name], funds[name]]) for name in funds}
    funds |= _calls(funds, draw)
    return managers | _registered(managers, funds, draw) | funds


def _managers(block, params, draw):
    """Numbers, kind and size of the block's managers; a few hold most of the money."""
    number, host = hosted(block, params["fund.managers"] / params["population.firms"])
    entry = np.where(number == 1, 0, draw.choice("entry", number, _entry_years()))
    return {
        "manager": number,
        "manager_row": host,
        "entry": (2015 + entry) * 12 + draw.below("entry_month", number, 12),
        "venture": draw.chance("venture", number, params["fund.venture_managers"]),
        "reach": quantiles("lognormal_1.1").at(kronecker(draw.seed, "manager.size", number, 0, 2))
        * draw.quantile("reach", number, quantiles("lognormal_0.5")),
        "plain": _plain_funds(number, params, draw),
    }


def _plain_funds(number, params, draw):
    """How many plain funds a manager founds by 2027; the first has some from the start, so no scale is without."""
    spread = quantiles("exponential").at(kronecker(draw.seed, "manager.size", number, 1, 2))
    count = 1 + (spread * params["fund.funds_per_manager"]).astype(np.int64)
    return np.clip(np.where(number == 1, np.maximum(count, 3), count), 1, SLOTS - 1)


@cache
def _entry_years():
    return Choice.of(calibration_numbers("fund_path", "managers"))


def _market_funds(managers, params, draw):
    """Funds of the group layers (slot 0) and plain funds (slots 1 to 15) of the block's managers."""
    layer, month, position = _group_slots(managers["manager"], params["fund.managers"], draw.seed)
    manager, slot = np.nonzero(np.arange(1, SLOTS)[None, :] <= managers["plain"][:, None])
    own = np.flatnonzero(layer >= 0)
    manager = np.concatenate([own, manager])
    slot = np.concatenate([np.zeros(len(own), np.int64), slot + 1])
    layer = np.concatenate([layer[own], np.full(len(manager) - len(own), MARKET)])
    number = managers["manager"][manager]
    fund_id = FIRST_MARKET_FUND + number * SLOTS + slot
    plain = slot > 0
    month = np.concatenate([month[own], _plain_months(managers, manager[plain], slot[plain], fund_id[plain], draw)])
    day = next_weekday(day_in_month(month, draw.uniform("day", fund_id))).astype(np.int64)
    fits = month < END - 1
    manager, slot, layer, number, fund_id, day, month = (
        column[fits] for column in (manager, slot, layer, number, fund_id, day, month)
    )
    row = np.where((layer == MARKET) & managers["venture"][manager], VENTURE_ROW, layer)
    size = _sizes(
        row, np.concatenate([position[own], np.zeros(len(fits) - len(own))])[fits], managers, manager, draw, fund_id
    )
    stage = _stages().at(row, draw.uniform("stage", fund_id))
    parent, amount = _parents(layer, number, month // 12, size, params, draw)
    years = np.array(TERMS)[_terms().at(row, draw.uniform("term", fund_id))]
    longer = draw.choice("extension", fund_id, _extensions()) * (layer == MARKET)
    period = np.minimum(_layer("period")[row].astype(np.int64), years - 2)
    target = np.maximum((size // MILLION * _layer("target")[row]).astype(np.int64) * MILLION, size)
    return {
        "fund_id": fund_id,
        "fund_manager": np.where(slot >= 0, FIRST_MARKET_MANAGER + number, 0),
        "of": manager,
        "slot": slot,
        "layer": layer,
        "plan": row,
        "stage": stage,
        "in_group": _layer("in_group")[row] == 1,
        "parent": parent,
        "parent_amount": amount,
        "mode": np.where(layer == LAYERS.index("qflp"), QFLP, np.where(np.isin(layer, DUAL_LAYERS), DUAL, RMB)),
        "cluster": _clusters(layer, day, parent, fund_id, draw),
        "founded": day,
        "term": years,
        "invest_end": add_months(day, period * 12).astype(np.int64),
        "end": add_months(day, (years + longer) * 12).astype(np.int64),
        "size": size,
        "target": target,
    }


def _group_slots(number, pool, seed):
    """(layer or -1, month of founding, place within the layer) of each manager's slot 0, from one evenly spread set."""
    place = kronecker(seed, "manager.group", number, 0, 3) * pool
    ends = np.cumsum([calibration_numbers("fund_path", name)[-1] for name in SPREAD])
    which = np.searchsorted(ends, place, side="right")
    chosen = np.minimum(which, len(SPREAD) - 1)
    starts = np.concatenate(([0.0], ends[:-1]))
    position = np.clip((place - starts[chosen]) / (ends - starts)[chosen], 0.0, 1.0 - 1e-9)
    layer = np.where(which < len(SPREAD), np.array([LAYERS.index(name) for name in SPREAD])[chosen], -1)
    when = kronecker(seed, "manager.group", number, 2, 3)
    month = np.full(len(number), END)
    for at, name in enumerate(SPREAD):
        mine = np.flatnonzero(which == at)
        founded = calibration_numbers("fund_path", name)
        months = FIRST_MONTH + 12 * np.arange(len(founded))
        # A flat stretch of the path is a year in which none is founded: only its last knot may be hit.
        month[mine] = np.interp(when[mine] * founded[-1], founded + np.arange(len(founded)) * 1e-9, months)
    return layer, np.minimum(month, END - 2), position


def _plain_months(managers, manager, slot, fund_id, draw):
    """A manager's plain funds follow each other evenly, by the weights of the years, from its entry on."""
    weights = calibration_numbers("fund_path", "market")
    months = FIRST_MONTH + 12 * np.arange(len(weights))
    running = np.cumsum(weights) / weights.sum()
    entry = np.interp(np.clip(managers["entry"][manager] + 1, FIRST_MONTH, END), months, running)
    place = (slot - 1 + draw.uniform("founded", fund_id)) / managers["plain"][manager]
    return np.interp(entry + (1.0 - entry) * place, running, months).astype(np.int64)


def _sizes(row, position, managers, manager, draw, fund_id):
    """Committed capital in cents, whole millions of yuan."""
    mean = _layer("mean")[row]
    own = quantiles("lognormal_0.5").at(draw.uniform("size", fund_id)) * managers["reach"][manager]
    size = mean * np.where(row < MARKET, quantiles("lognormal_0.3").at(position), own)
    return np.maximum(round_to((size * UNIT).astype(np.int64), MILLION), LEAST)


def _parents(layer, number, year, size, params, draw):
    """(fund_id of the public parent or 0, what it commits). No parent commits more than it has."""
    parent, amount = np.zeros(len(layer), np.int64), np.zeros(len(layer), np.int64)
    firms = round(params["population.firms"] * params.scale)
    for name in set(calibration("fund_public", "feeds")) - {""}:
        place = LAYERS.index(name)
        mine = np.flatnonzero(layer == place)
        numbers, room = _feeding(name)[0], _feeding(name)[3]
        chosen = _chosen(name, number[mine], year[mine], draw.seed)
        mine, chosen = mine[chosen >= 0], chosen[chosen >= 0]
        low, high = (int(_layer(f"share_{end}")[place]) for end in ("low", "high"))
        wish = size[mine] // 1000 * draw.between("parent_share", number[mine], low, high)
        # Each child may have one part of the room of as many as there are children in this city.
        children = _children(name, firms, params["fund.managers"], params["population.firms"], draw.seed)
        most = (room * UNIT * params.scale * (1 - params["fund.parent_reserve"]) / np.maximum(children, 1)).astype(
            np.int64
        )
        give = np.minimum(wish, most[chosen]) * params["fund.public_share"]
        amount[mine] = give.astype(np.int64) // TEN_THOUSAND * TEN_THOUSAND
        parent[mine] = np.where(amount[mine] > 0, numbers[chosen], 0)
    return parent, amount


def _chosen(name, number, year, seed):
    """Position of the parent among those that feed the layer; -1 where none is old enough."""
    _, choice, open_from, _ = _feeding(name)
    chosen = choice.at(np.maximum(year, 2016) - 2016, kronecker(seed, "manager.group", number, 1, 3))
    return np.where(year >= open_from, chosen, -1)


@cache
def _children(name, firms, pool, population, seed):
    """How many children each parent has in the whole city."""
    number, _ = hosted(Block(0, 1, firms), pool / population)
    layer, month, _ = _group_slots(number, pool, seed)
    mine = np.flatnonzero((layer == LAYERS.index(name)) & (month < END - 1))
    chosen = _chosen(name, number[mine], month[mine] // 12, seed)
    return np.bincount(chosen[chosen >= 0], minlength=len(_feeding(name)[0]))


@cache
def _feeding(name):
    """Parents of a layer: numbers, choice by year from 2016, the first year with one, what each has to give."""
    feeds, number = calibration("fund_public", "feeds"), calibration_numbers("fund_public", "fund_id")
    rows_ = [place for place, layer in enumerate(feeds) if layer == name]
    founded = np.array([int(calibration("fund_public", "established_on")[place][:4]) for place in rows_])
    size, share = calibration_numbers("fund_public", "size"), calibration_numbers("fund_public", "parent_share")
    above = calibration_numbers("fund_public", "parent")
    room = np.array([size[place] - np.nansum((size * share)[above == number[place]]) for place in rows_])
    years = np.arange(2016, 2028)
    weights = room[None, :] * (founded[None, :] < years[:, None])
    open_from = int(founded.min()) + 1
    weights[years < open_from] = 1.0
    return number[rows_].astype(np.int64), ChoiceByRow.of(weights), open_from, room


def _clusters(layer, day, parent, fund_id, draw):
    """cluster_id of the list in force, for sub-funds: their cluster fund's, or one of their own; 0 is none."""
    versions = vocabulary("cluster", "version")
    own = np.where(day < _day("2024-03-01"), draw.below("cluster_1", fund_id, versions.count("v1")), 0)
    later = versions.count("v1") + draw.below("cluster_2", fund_id, versions.count("v2"))
    own = np.where(day < _day("2024-03-01"), own, later) + 1
    given = np.zeros(FIRST_MARKET_FUND, np.int64)
    given[calibration_numbers("fund_public", "fund_id").astype(np.int64)] = _public_clusters()
    inherited = given[parent]
    return np.where(layer == LAYERS.index("sub_fund"), np.where(inherited > 0, inherited, own), 0)


@cache
def _public_clusters():
    codes = ("", *vocabulary("cluster", "cluster_code"))
    return np.array([codes.index(code) for code in calibration("fund_public", "cluster_code")])


@cache
def _day(text):
    return int(np.datetime64(text).astype("datetime64[D]").astype(np.int64))


@cache
def _layer(column):
    return calibration_numbers("fund_layer", column)


@cache
def _stages():
    names = [name for name in STAGES if name != "multi"]
    weights = np.stack([_layer(f"stage_{name}") for name in names], axis=1)
    weights[weights.sum(axis=1) == 0] = 1.0  # named funds have theirs in their own table
    return ChoiceByRow.of(weights)


@cache
def _terms():
    return ChoiceByRow.of(np.stack([_layer(f"term_{years}") for years in TERMS], axis=1))


@cache
def _extensions():
    return Choice.of((0.4, 0.3, 0.3))


def _public_funds(params):
    """The named funds; their capacities follow the scale."""
    number = calibration_numbers("fund_public", "fund_id").astype(np.int64)
    column = {
        name: calibration_numbers("fund_public", name)
        for name in ("manager_id", "term", "size", "target", "parent_share")
    }
    layer = np.array([LAYERS.index(name) for name in calibration("fund_public", "layer")])
    founded = np.array(calibration("fund_public", "established_on"), "datetime64[D]").astype(np.int64)
    size, target = (
        round_to((column[name] * params.scale * UNIT).astype(np.int64), TEN_THOUSAND) for name in ("size", "target")
    )
    size = np.maximum(size, TEN_THOUSAND * 100)
    share = np.nan_to_num(column["parent_share"]) * params["fund.public_share"]
    amount = (size * share).astype(np.int64) // TEN_THOUSAND * TEN_THOUSAND
    years = column["term"].astype(np.int64)
    count = len(number)
    return {
        "fund_id": number,
        "fund_manager": column["manager_id"].astype(np.int64),
        "of": np.full(count, -1),
        "slot": np.full(count, -1),
        "layer": layer,
        "plan": layer,
        "stage": np.array([STAGES.index(name) for name in calibration("fund_public", "stage")]),
        "in_group": calibration_numbers("fund_public", "in_group") == 1,
        "parent": np.where(amount > 0, np.nan_to_num(calibration_numbers("fund_public", "parent")).astype(np.int64), 0),
        "parent_amount": amount,
        "mode": np.where(np.isin(layer, DUAL_LAYERS), DUAL, RMB),
        "cluster": _public_clusters(),
        "founded": founded,
        "term": years,
        "invest_end": add_months(founded, _layer("period")[layer].astype(np.int64) * 12).astype(np.int64),
        "end": add_months(founded, years * 12).astype(np.int64),
        "size": size,
        "target": np.maximum(target, size),
    }


def _calls(funds, draw):
    """Days of the calls (NO_DAY if not called by 2027 or within the term) and the permille called until then."""
    number, plan = funds["fund_id"][:, None], funds["plan"]
    which = np.arange(CALLS)[None, :]
    months = np.stack([_layer(f"month_{k}") for k in range(1, CALLS + 1)], axis=1)[plan].astype(np.int64)
    months += np.where(which > 0, draw.between("call_month", number, -2, 5, which), 0)
    months = np.maximum.accumulate(months, axis=1) + which
    day = add_months(funds["founded"][:, None], months).astype(np.int64)
    day = next_weekday(day + draw.between("call_day", number, 20, 45, which)).astype(np.int64)
    level = 850 + draw.below("call_level", funds["fund_id"], 250)
    permille = np.stack([_layer(f"call_{k}") for k in range(1, CALLS + 1)], axis=1)[plan].astype(np.int64)
    permille = np.minimum(permille * level[:, None] // 1000, 1000)
    happens = (day <= _day("2027-12-31")) & (day < funds["end"][:, None])
    return {"call_day": np.where(happens, day, NO_DAY), "called": np.maximum.accumulate(permille, axis=1)}


def _registered(managers, funds, draw):
    """A manager registers before its first fund and leaves the register some time after the last one has ended."""
    of, count = funds["of"], len(managers["manager"])
    mine = of >= 0
    first, last = np.full(count, NEVER), np.zeros(count, np.int64)
    np.minimum.at(first, of[mine], funds["founded"][mine])
    np.maximum.at(last, of[mine], funds["end"][mine])
    number = managers["manager"]
    entered = day_in_month(managers["entry"], draw.uniform("entry_day", number)).astype(np.int64)
    registered = np.minimum(entered, first - 20 - draw.below("before_first", number, 300))
    registered = np.maximum(registered, _day("2014-03-17"))
    leaves = np.maximum(last, registered) + draw.between("leave", number, 30, 240)
    return {
        "registered": registered,
        "deregistered": np.where(leaves <= _day("2027-12-31"), leaves, NO_DAY),
    }
