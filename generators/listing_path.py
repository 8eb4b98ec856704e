"""Each firm's way to a board: coached, filed, accepted, listed, delisted; NEEQ; the specialised board. Unpublished.

Arrays of month numbers by firm, NEVER where the step is not taken before 2028. A mainland listing begins with
coaching, one abroad with the file; a firm takes one route at most.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    Choice,
    ChoiceByRow,
    Table,
    calibration,
    calibration_numbers,
    code_list,
    monthly,
    quantiles,
)

TABLE = Table(
    zh="上市路径",
    en="Ways to a listing",
    published=False,
    key=("firm",),
    columns=(),
    needs=("firm_state", "firm_month", "tag_month"),
    grows="scale",
)

NEVER = 1 << 40
FIRST_MONTH, MONTHS = 2016 * 12, 144
END = FIRST_MONTH + MONTHS
FIRST_PASS = 2014 * 12
NOWHERE, OLD, MAINLAND, OVERSEAS = range(4)
ROUTES = ("old", "mainland", "overseas")
PREFIX = 500  # of the first firms one always takes the mainland route, so that no scale is without a pipeline
FEW = 1400  # of 800 cities with 714 firms four had no listing, of 600 with 1,429 none
MONTHS_BEFORE_ENTRY, MONTHS_BEFORE_NEEQ = 36, 24
UPPER_FROM = 2016 * 12 + 5  # NEEQ was split into layers
SPECIALISED_FROM = 2023 * 12 + 6
DELISTED_FROM = 2005 * 12
BEIJING = [code.code for code in code_list("board")].index("BSE")
SPECIALISED = sum(
    4 << place for place, code in enumerate(code_list("tag")) if code.code in ("SRDI", "LITTLE_GIANT", "INNOVATIVE_SME")
)  # bits of tag_month
STEPS = ("coached", "filed", "accepted", "listed", "withdrawn", "delisted", "neeq", "neeq_upper", "neeq_left", "srb")


def rows(block, needs, params, draw):
    """The months of STEPS and `board` (position in the code list, -1 without a route) by firm of the block."""
    world = {**needs["firm_state"], **needs["firm_month"], "held": needs["tag_month"]["held"]}
    path = {name: np.full(block.count, NEVER) for name in STEPS} | {"board": np.full(block.count, -1)}
    route = _routes(block, world, params, draw)
    for found in (_old(world, route, draw), _file(world, route, params, draw)):
        for name, values in found["steps"].items():
            path[name][found["row"]] = values
    _delist(path, world, params, draw)
    _quote(path, world, params, draw)
    _join_specialised(path, world, params, draw)
    for name in STEPS:  # what lies beyond the horizon does not happen
        path[name][path[name] >= END] = NEVER
    return path


@cache
def _shares(name):
    """Share of firms by class that take a route."""
    return calibration_numbers("listing_class", name)


def _routes(block, world, params, draw):
    """One of the routes by firm; a strong firm enters the pipeline oftener."""
    firm, cls = world["firm"], world["class"]
    keen = np.clip(1.0 + params["listing.quality_entry"] * world["quality"], 0.1, 3.0)
    keen = keen * params.at("listing.entry", firm)
    chance = np.stack([_shares(name)[cls] for name in ROUTES], axis=1)
    chance[:, 1:] *= keen[:, None]
    u = draw.uniform("route", firm)
    route = (u[:, None] >= np.cumsum(chance, axis=1)).sum(axis=1) + 1
    route[route > OVERSEAS] = NOWHERE
    if block.index == 0:
        route[_always(world, chance[:, 1], u, params, draw)] = MAINLAND
    return route


def _always(world, chance, u, params, draw):
    """Row of the first firms that comes nearest to the mainland route and outlives the horizon.

    In a city of FEW firms it is on its way in time, too; in a larger one others are.
    """
    first = np.arange(min(PREFIX, len(u)))
    fit = (world["exit_month"][first] >= END) & (world["founded_month"][first] < 2018 * 12)
    if params["population.firms"] * params.scale < FEW:
        fit &= _entry("mainland", first, world, draw) < np.minimum(world["default_month"][first], END)
    nearness = np.where(fit, u[first] / np.maximum(chance[first], 1e-6), np.inf)
    return int(np.argmin(nearness))


def _entry(route, row, world, draw):
    """Month in which the firms of a route would enter the pipeline."""
    return np.maximum(_drawn_month(route, world["firm"][row], draw), world["founded_month"][row] + MONTHS_BEFORE_ENTRY)


def _drawn_month(column, firm, draw):
    """A month drawn by the weights of the years."""
    year = draw.choice(f"{column}.year", firm, Choice.of(calibration_numbers("listing_year", column)))
    first = int(calibration_numbers("listing_year", "year")[0])
    return (first + year) * 12 + draw.below(f"{column}.month", firm, 12)


def _board(abroad, month, firm, draw):
    """Position of the board by route and month of the file."""
    starts = np.array([int(text[:4]) * 12 + int(text[5:]) - 1 for text in calibration("listing_board", "from")])
    era = np.searchsorted(starts, month, side="right") - 1
    return _boards().at(era * 2 + abroad, draw.uniform("board", firm))


@cache
def _boards():
    names = [code.code for code in code_list("board")]
    weight = np.stack([calibration_numbers("listing_board", name) for name in names], axis=1)
    abroad = np.isin(names, ("HKEX", "US", "OTHER"))
    return ChoiceByRow.of(np.stack([weight * ~abroad, weight * abroad], axis=1).reshape(-1, len(names)))


def _old(world, route, draw):
    """Firms on a board before 2016, at home or abroad."""
    row = np.flatnonzero(route == OLD)
    firm = world["firm"][row]
    listed = np.maximum(_drawn_month("old", firm, draw), world["founded_month"][row] + MONTHS_BEFORE_ENTRY)
    fits = listed < FIRST_MONTH
    row, firm, listed = row[fits], firm[fits], listed[fits]
    abroad = draw.chance("old.abroad", firm, OLD_ABROAD)
    board = _board(abroad, listed - 12, firm, draw)
    return {"row": row, "steps": {"listed": listed, "board": board}}


OLD_ABROAD = 0.31  # prior: about 80 of 282 listed firms at 2015


def _file(world, route, params, draw):
    """The pipeline from 2014 on: coaching at home, file, review, and the listing or the withdrawal."""
    row = np.flatnonzero(route >= MAINLAND)
    firm, abroad = world["firm"][row], route[row] == OVERSEAS
    entry = np.where(abroad, _entry("overseas", row, world, draw), _entry("mainland", row, world, draw))
    last = np.minimum(world["default_month"][row], world["exit_month"][row] - 12)
    fits = entry < np.minimum(last, END)
    row, firm, abroad, entry, last = row[fits], firm[fits], abroad[fits], entry[fits], last[fits]
    low, high = int(params["listing.coaching_min"]), int(params["listing.coaching_max"])
    filed = entry + np.where(abroad, 0, draw.between("coaching", firm, low, high))
    troubled = world["distress"][row, np.clip(filed - FIRST_MONTH, 0, MONTHS - 1)]
    p = params.at("listing.file", firm, filed) - params.at("listing.distress_penalty", firm, filed) * troubled
    files = (abroad | draw.chance("file", firm, p)) & (filed < last)
    low, high = int(params["listing.review_min"]), int(params["listing.review_max"])
    listed = filed + draw.between("review", firm, low, high)
    p = np.where(abroad, _pass("overseas", filed), _pass("mainland", filed))
    passes = files & draw.chance("pass", firm, p * params.at("listing.pass_level", firm, filed)) & (listed < last)
    gives_up = np.where(files, filed + draw.between("give_up", firm, 3, 14), entry + draw.between("lapse", firm, 8, 18))
    steps = {
        "coached": np.where(abroad, NEVER, entry),
        "filed": np.where(files, filed, NEVER),
        "accepted": np.where(files, filed + draw.below("acceptance", firm, 2), NEVER),
        "listed": np.where(passes, listed, NEVER),
        "withdrawn": np.where(passes, NEVER, np.minimum(gives_up, world["exit_month"][row] - 1)),
        "board": _board(abroad, np.where(files, filed, entry), firm, draw),
    }
    return {"row": row, "steps": steps}


def _pass(route, filed):
    """Chance that a file of the month ends in a listing."""
    path = monthly("listing_pass", route, FIRST_PASS, END - FIRST_PASS)
    return path[np.clip(filed - FIRST_PASS, 0, END - FIRST_PASS - 1)]


def _delist(path, world, params, draw):
    """A listed firm leaves its board some years later, or before it leaves the register."""
    row = np.flatnonzero(path["listed"] < END)
    stays = draw.quantile("delisted", world["firm"][row], quantiles("exponential")) * 12
    stays = np.minimum(stays / max(params["listing.delisting_rate"], 1e-6), 1e5).astype(np.int64)
    leaves = np.maximum(path["listed"][row] + 36 + stays, DELISTED_FROM)
    path["delisted"][row] = np.minimum(leaves, world["exit_month"][row] - 1)


def _quote(path, world, params, draw):
    """NEEQ: those on their way to Beijing must be quoted first; others are quoted by class and year."""
    firm = world["firm"]
    path["neeq"], path["neeq_upper"] = _quoted(path, world, params, draw)
    row = np.flatnonzero(path["neeq"] < END)
    stays = draw.quantile("neeq.left", firm[row], quantiles("exponential")) * 12
    stays = np.minimum(stays / max(params["listing.neeq_leave"], 1e-6), 1e5).astype(np.int64)
    left = np.minimum(path["neeq"][row] + 12 + stays, world["exit_month"][row] - 1)
    on_the_way = (path["board"][row] == BEIJING) & (path["filed"][row] < NEVER)
    left = np.where(on_the_way, NEVER, left)
    path["neeq_left"][row] = np.minimum(left, path["listed"][row])
    path["neeq_upper"][row] = np.where(path["neeq_upper"][row] < path["neeq_left"][row], path["neeq_upper"][row], NEVER)


def _quoted(path, world, params, draw):
    """(month of the quotation, month of the move to the upper layer) by firm."""
    firm = world["firm"]
    neeq, upper = np.full(len(firm), NEVER), np.full(len(firm), NEVER)
    row = np.flatnonzero(draw.chance("neeq", firm, _shares("neeq")[world["class"]]))
    month = np.maximum(_drawn_month("neeq", firm[row], draw), world["founded_month"][row] + MONTHS_BEFORE_NEEQ)
    fits = (month < np.minimum(path["filed"][row], world["exit_month"][row]) - 12) & (month < path["listed"][row])
    row, month = row[fits], month[fits]
    neeq[row] = month
    rises = draw.chance("neeq.upper", firm[row], params["listing.neeq_upper"])
    rise = np.maximum(month + draw.between("neeq.rise", firm[row], 12, 36), UPPER_FROM)
    upper[row] = np.where(rises, rise, NEVER)
    row = np.flatnonzero((path["board"] == BEIJING) & (path["filed"] < NEVER))
    rise = path["filed"][row] - draw.between("beijing.upper", firm[row], 6, 12)
    upper[row] = rise
    neeq[row] = rise - draw.between("beijing.neeq", firm[row], 6, 30)
    return neeq, upper


def _join_specialised(path, world, params, draw):
    """The specialised board of the equity exchange takes unlisted firms on the lists of specialised SMEs."""
    firm = world["firm"]
    row = np.flatnonzero(draw.chance("specialised", firm, _shares("specialised")[world["class"]]))
    month = _drawn_month("specialised", firm[row], draw)
    _admit(path, world, row, month)
    # Some of those that are coached later are brought up there.
    row = np.flatnonzero(
        (path["coached"] < NEVER) & draw.chance("specialised.first", firm, params["listing.specialised_first"])
    )
    _admit(path, world, row, path["coached"][row] - draw.between("specialised.lead", firm[row], 3, 15))
    row = np.flatnonzero((path["srb"] < END) & (path["neeq"] == NEVER) & (path["board"] < 0))
    row = row[draw.chance("specialised.up", firm[row], params["listing.specialised_up"])]
    month = path["srb"][row] + draw.between("specialised.stay", firm[row], 6, 24)
    up = (month < world["exit_month"][row] - 12) & (month < END)
    path["neeq"][row[up]] = month[up]


def _admit(path, world, row, month):
    """Admit those that hold the tag in the month and are neither quoted, listed nor gone."""
    held = world["held"][row, np.clip(month - FIRST_MONTH, 0, MONTHS - 1)]
    before = np.minimum(
        np.minimum(path["neeq"][row], path["filed"][row]), np.minimum(path["listed"][row], world["exit_month"][row])
    )
    fits = (held & SPECIALISED > 0) & (month >= SPECIALISED_FROM) & (month < before)
    path["srb"][row[fits]] = month[fits]
