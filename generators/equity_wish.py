"""The rounds of equity that firms would close if the money is there: stage, day, amount, price. Unpublished.

A firm that looks for outside equity tries, waits and tries again: seed, angel, A, B, growth, pre-IPO. Quality and a
tag raise the chance of each round, distress lowers it; a firm that is listed, in default or gone raises none.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    ChoiceByRow,
    Table,
    calibration_numbers,
    code_list,
    day_in_month,
    next_weekday,
    quantiles,
    round_significant,
)

TABLE = Table(
    zh="股权融资意向",
    en="Equity rounds that firms would close",
    published=False,
    key=("row", "round_no"),
    columns=(),
    needs=("firm_state", "firm_month", "tag_month", "listing_path"),
    grows="enterprise",
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
END = FIRST_MONTH + MONTHS
NEVER = 1 << 40
IN_SCOPE = 1  # bit of tag_month
STAGES = tuple(code.code for code in code_list("equity_stage"))
GROWTH, PRE_IPO, BUYOUT = (STAGES.index(name) for name in ("growth", "pre_ipo", "buyout"))
OLD = 2014 * 12  # firms founded before are dealt the year of their first try
TRIES = 9
CENTS_PER_MILLION = 10**8
TEN_THOUSAND = 10**6
BEFORE_LISTING = 4  # months before a listing in which no round is closed


def rows(block, needs, params, draw):
    """One entry a round: `row` of the firm, `round_no`, `stage`, `month`, `day`, `amount` and `pre_money` in cents."""
    world = {**needs["firm_state"], **needs["firm_month"], "held": needs["tag_month"]["held"], **_ends(needs)}
    row = _seekers(world, params, draw)
    found = _climb(row, world, params, draw)
    order = np.lexsort((found["month"], found["row"]))
    found = {name: column[order] for name, column in found.items()}
    firm = world["firm"][found["row"]]
    first = np.flatnonzero(np.diff(found["row"], prepend=-1))
    run = np.diff(first, append=len(firm))
    found["round_no"] = np.arange(len(firm)) - np.repeat(first, run)
    found["day"] = next_weekday(day_in_month(found["month"], draw.uniform("day", firm, found["step"]))).astype(np.int64)
    again = (np.diff(found["stage"], prepend=-1) == 0) & (found["round_no"] > 0)
    found["amount"] = _amounts(firm, found, np.where(again, params["equity.same_stage_step"], 1.0), draw)
    pre = found["amount"] / found["dilution"] * (1000 - found["dilution"])
    found["pre_money"] = pre.astype(np.int64) // TEN_THOUSAND * TEN_THOUSAND
    return found


def _ends(needs):
    """The month from which a firm raises no money."""
    path, life = needs["listing_path"], needs["firm_month"]
    stop = np.minimum(path["listed"] - BEFORE_LISTING, np.minimum(life["exit_month"] - 3, life["default_month"]))
    return {"stop": np.minimum(stop, END - 1), "bound": (path["coached"] < NEVER) | (path["filed"] < NEVER)}


@cache
def _stage(column):
    return calibration_numbers("equity_stage", column)


def _seekers(world, params, draw):
    """Rows of the firms that look for outside equity; those on their way to a board mostly do."""
    share = calibration_numbers("equity_class", "seek")[world["class"]]
    share = np.where(world["bound"] & (share > 0), np.maximum(share, params["equity.before_listing"]), share)
    rows_ = np.flatnonzero(share > 0)
    return rows_[draw.chance("seeks", world["firm"][rows_], share[rows_])]


def _first_tries(row, world, draw):
    """(month of the first try, stage) by age."""
    firm, founded = world["firm"][row], world["founded_month"][row]
    weight = calibration_numbers("equity_year", "entry")
    running = np.concatenate(([0.0], np.cumsum(weight))) / weight.sum()
    dealt = np.interp(draw.uniform("first_try", firm), running, FIRST_MONTH + 12 * np.arange(len(running)))
    young = founded + 3 + draw.quantile("first_lag", firm, quantiles("exponential")) * 16
    month = np.where(founded < OLD, dealt, np.maximum(young, FIRST_MONTH)).astype(np.int64)
    age = np.searchsorted(calibration_numbers("equity_start", "age_from"), month - founded, side="right") - 1
    return month, _starts().at(age, draw.uniform("first_stage", firm))


@cache
def _starts():
    return ChoiceByRow.of(np.stack([calibration_numbers("equity_start", name) for name in STAGES], axis=1))


def _climb(row, world, params, draw):
    """All tries of all firms, one try of each at a time; outside holders never pass their limit."""
    month, stage = _first_tries(row, world, draw)
    outside = np.zeros(len(row))
    begun = np.zeros(len(row), bool)
    found = []
    for step in range(TRIES):
        live = month < world["stop"][row]
        row, month, stage, outside, begun = (column[live] for column in (row, month, stage, outside, begun))
        firm = world["firm"][row]
        most = (params["equity.most_outside"] - outside) / (1.0 - outside) * 1000
        low, high = _stage("dilution_low")[stage], _stage("dilution_high")[stage]
        dilution = np.minimum(
            (low + (high - low) * draw.uniform("dilution", firm, step)).astype(np.int64), most.astype(np.int64)
        )
        wins = draw.chance("closes", firm, _chance(row, month, stage, begun, world, params), step) & (dilution >= 10)
        found.append(
            {
                name: column[wins]
                for name, column in (("row", row), ("month", month), ("stage", stage), ("dilution", dilution))
            }
            | {"step": np.full(int(wins.sum()), step)}
        )
        outside = np.where(wins, outside + (1.0 - outside) * dilution / 1000, outside)
        gap = draw.between(
            "gap", firm, _stage("gap_low")[stage].astype(np.int64), _stage("gap_high")[stage].astype(np.int64), step
        )
        month = month + np.where(wins, gap, draw.between("retry", firm, 5, 14, step))
        over = (stage == BUYOUT) & wins | ~wins & draw.chance("gives_up", firm, params["equity.give_up"], step)
        stage, begun = np.where(wins, _next_stage(stage, firm, step, params, draw), stage), begun | wins
        month = np.where(over, END, month)
    return {name: np.concatenate([part[name] for part in found]) for name in found[0]}


def _chance(row, month, stage, begun, world, params):
    """Chance that a try ends in a round."""
    firm, at = world["firm"][row], month - FIRST_MONTH
    base = np.where(begun, _stage("pass")[stage], params["equity.first_round"])
    held = world["held"][row, at] & IN_SCOPE
    return (
        base * calibration_numbers("equity_year", "activity")[at // 12] * params.at("equity.level", firm, month)
        + params.at("equity.quality_lift", firm, month) * world["quality"][row]
        + params.at("equity.tag_lift", firm, month) * held
        - params.at("equity.distress_penalty", firm, month) * world["distress"][row, at]
    )


def _next_stage(stage, firm, step, params, draw):
    """The stage above, or one more round of the same; few grown firms are bought out instead."""
    up = np.minimum(stage + ~draw.chance("same_stage", firm, params["equity.same_stage"], step), PRE_IPO)
    bought = (stage >= GROWTH) & draw.chance("bought_out", firm, params["equity.buyout"], step)
    return np.where(bought, BUYOUT, up)


def _amounts(firm, found, factor, draw):
    """New money asked for, in cents: the stage's median, the firm's own scale and the round's luck (sigma 1.0)."""
    wide, narrow = quantiles("lognormal_0.9"), quantiles("lognormal_0.3")
    middle = wide.at(np.array([0.5]))[0] * narrow.at(np.array([0.5]))[0] ** 2
    scale, step = draw.quantile("scale", firm, wide) / middle, found["step"]
    luck = draw.quantile("luck_1", firm, narrow, step) * draw.quantile("luck_2", firm, narrow, step)
    amount = (_stage("median")[found["stage"]] * factor * scale * luck * CENTS_PER_MILLION).astype(np.int64)
    return np.maximum(round_significant(amount, 2, draw.uniform("amount_round", firm, step)), CENTS_PER_MILLION)
