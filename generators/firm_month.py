"""How a firm fares: size by year, distress by month, the one default of its life, its end. Unpublished.

Arrays by year run over 2015-2027 (13 columns), arrays by month over 2016-01 to 2027-12 (144 columns).
"""

from functools import cache

import numpy as np

from sfbench.kit import Table, calibration_numbers, quantiles, vocabulary, vocabulary_numbers

TABLE = Table(
    zh="企业逐期状态",
    en="Firms by year and month",
    published=False,
    key=("firm",),
    columns=(),
    needs=("firm_state",),
    grows="scale",
)

FIRST_YEAR, YEARS = 2015, 13
FIRST_MONTH, MONTHS = 2016 * 12, 144
MARGIN_YEAR = 2024  # the year by whose R&D ratio a policy may choose firms
REFERENCE = 2025 - FIRST_YEAR  # size classes of the calibration hold at the end of this year
NEVER = 1 << 40
OUT, SMALL = 1, 2  # positions of a kind and of a size
REVENUES = (0.5, 50, 1000, 20000, 400000)  # CNY 10,000: the floors of the sizes, and the top, where a rule has none
STAFFS = (1, 10, 100, 300, 6000)  # persons
CURED, WRITTEN_OFF, TRANSFERRED = range(3)


def rows(block, needs, params, draw):
    """Matrices over the firms of the block; see the module docstring for the columns."""
    state = needs["firm_state"]
    firm = state["firm"]
    growth = _growth(state, draw)
    revenue, staff = _reference_size(state, params, draw)
    revenue_year = revenue[:, None] * growth
    staff_year = np.maximum(staff[:, None] * (0.4 + 0.6 * growth), 1).astype(np.int64)
    sick, when = _distress(state, params, draw)
    distress = np.zeros((len(firm), MONTHS), bool)
    distress.reshape(-1)[sick * MONTHS + when] = True
    fate = _default(state, sick, when, params, draw)
    rd_ratio, rd_floor, stretched = _rd_ratio(state, revenue_year, params, draw)
    leaves = (fate["outcome"] != CURED) & draw.chance("exit_after_loss", firm, params["firm.exit_after_loss"])
    after_loss = fate["resolved_month"] + draw.between("exit_lag", firm, 6, 24)
    exit_month = np.where(leaves & (fate["default_month"] < NEVER), after_loss, state["exit_month"])
    # A firm with a bad loan stays on the register until the loan is resolved.
    exit_month = np.where(fate["default_month"] < NEVER, np.maximum(exit_month, fate["resolved_month"] + 1), exit_month)
    return {
        "growth": growth,
        "revenue": revenue_year,
        "staff": staff_year,
        "size": _legal_size(state["industry"], staff_year, revenue_year),
        "rd_ratio": rd_ratio,
        "rd_margin": (rd_ratio - rd_floor)[:, MARGIN_YEAR - FIRST_YEAR],
        "stretched": stretched,
        "distress": distress,
        "exit_month": exit_month,
        **fate,
    }


def _growth(state, draw):
    """Revenue relative to the mature level of the reference year; young firms start at a fraction of it."""
    firm, years = state["firm"][:, None], np.arange(YEARS)[None, :]
    shock = draw.quantile("growth", firm, quantiles("normal"), years)
    cycle = calibration_numbers("cycle", "growth")[None, :]
    quality = state["quality"][:, None]
    step = np.clip(1.0 + cycle + 0.015 * quality + 0.10 * shock, 0.6, 1.6)
    level = np.cumprod(step, axis=1)
    level /= level[:, REFERENCE][:, None]
    age = FIRST_YEAR + years - (state["founded_month"] // 12)[:, None]
    ramp = np.array([0.15, 0.35, 0.55, 0.75, 0.90, 1.0])
    return np.where(age < 0, 0.0, np.clip(level, 0.2, 4.0) * ramp[np.clip(age, 0, 5)])


def _reference_size(state, params, draw):
    """Revenue (yuan) and staff (persons) of the reference year, inside the legal bounds of the firm's size class.

    Those of small and micro tech firms come from the staff: who has fewer than the next class asks for is of its class
    whatever it sells.
    """
    rule = _rules().take(state["industry"])
    size, u, firm = state["size"], state["position"], state["firm"]
    staff_u = np.clip(0.75 * u + 0.25 * draw.uniform("staff", firm), 0.0, 0.999)
    revenues, staffs = _bounds("revenue", REVENUES)[rule], _bounds("staff", STAFFS)[rule]
    revenue, staff = _within(revenues, size, u) * 1e4, np.ceil(_within(staffs, size, staff_u))
    by_staff = ~np.isnan(vocabulary_numbers("size_rule", "staff_small"))[rule]
    some = np.flatnonzero((state["kind"] <= OUT) & (size >= SMALL) & by_staff)
    size, firm, rule = size[some], firm[some], rule[some]
    least = np.where(size == SMALL, staffs[some, 1], params["firm.least_staff"])
    most, share = staffs[some, 4 - size], staff_u[some]
    staff[some] = np.floor(least + (most - least) * share * share * np.where(size == SMALL, share, 1.0))
    per_head = params["firm.revenue_per_head"] * draw.quantile("per_head", firm, quantiles("lognormal_0.5"))
    floor = np.nan_to_num(vocabulary_numbers("size_rule", "revenue_small")[rule]) * 1e4 * (size == SMALL)
    floor = floor * (1.0 + 0.3 * draw.uniform("above_floor", firm))
    revenue[some] = np.maximum(staff[some] * per_head, floor)
    return revenue, staff


def _bounds(what, fallback):
    """(rules, 5): floor of micro, small, medium, large and the top; in the unit of the size rule."""
    columns = [vocabulary_numbers("size_rule", f"{what}_{size}") for size in ("small", "medium", "large")]
    bounds = np.empty((len(columns[0]), 5))
    bounds[:, 0], bounds[:, 4] = fallback[0], fallback[4]
    for place, column in enumerate(columns, start=1):
        bounds[:, place] = np.where(np.isnan(column), fallback[place], column)
    bounds[:, 4] = np.maximum(bounds[:, 4], bounds[:, 3] * 12)
    return bounds


def _within(bounds, size, u):
    """A value between the bounds of the size class (0 large ... 3 micro), most of it near the lower end."""
    row = np.arange(len(size))
    low, high = bounds[row, 3 - size], bounds[row, 4 - size]
    return low + (high - low) * 0.999 * u * u * np.where(size == 0, u, 1.0)


@cache
def _rules():
    """Position of the size rule of each industry."""
    names = vocabulary("size_rule", "size_rule")
    return np.array([names.index(rule) for rule in vocabulary("industry", "size_rule")])


def _legal_size(industry, staff, revenue):
    """Position in the size codes (0 large ... 3 micro) by year: a firm must reach every bound, else it steps down."""
    rule = _rules().take(industry)
    size = np.full(staff.shape, 3, np.int8)
    for place, name in ((2, "small"), (1, "medium"), (0, "large")):
        enough = np.ones(staff.shape, bool)
        for what, value in (("staff", staff), ("revenue", revenue / 1e4)):
            bound = vocabulary_numbers("size_rule", f"{what}_{name}")[rule]
            enough &= np.isnan(bound)[:, None] | (value >= bound[:, None])
        size[enough] = place
    return size


def _rd_ratio(state, revenue, params, draw):
    """(R&D spending in percent of revenue, its legal floor, who stretches): firms just below it go to just above it."""
    firm, years = state["firm"][:, None], np.arange(YEARS)[None, :]
    tech = (state["kind"] <= 1)[:, None]
    larger = np.where(state["size"][:, None] < SMALL, params["firm.rd_larger"], 1.0)
    usual = np.where(tech, params["firm.rd_ratio"] * larger, 1.2)
    level = draw.quantile("rd_level", firm, quantiles("lognormal_0.5")) * usual
    ratio = level * (0.85 + 0.30 * draw.uniform("rd_year", firm, years))
    floor = np.where(revenue <= 5e7, 5.0, np.where(revenue <= 2e8, 4.0, 3.0))
    near = tech & (ratio < floor) & (ratio > floor - 1.0)
    at, year = np.nonzero(near)
    p = params["tag.rd_bunching"] + params["tag.rd_bunching_quality"] * state["quality"][at]
    stretches = draw.chance("rd_stretch", state["firm"][at], p, year)
    at, year = at[stretches], year[stretches]
    ratio[at, year] = floor[at, year] + 0.25 * draw.uniform("rd_above", state["firm"][at], year)
    stretched = np.zeros(ratio.shape, bool)
    stretched[at, year] = True
    return ratio, floor, stretched


def _distress(state, params, draw):
    """(firms, months) in distress: a two-state chain; weak firms fall in more often, and more so in bad years."""
    firm = state["firm"]
    base = calibration_numbers("firm_class", "distress")[state["class"]]
    usual = base * np.clip(1.0 - 0.45 * state["quality"], 0.2, 2.5)
    cycle = calibration_numbers("cycle", "distress")
    begins = state["founded_month"] + 6 - FIRST_MONTH
    now = np.zeros(len(firm), bool)
    chain = np.empty((MONTHS, len(firm)), bool)  # months run down, firms across: each step writes a contiguous row
    for m in range(MONTHS):
        if m % 12 == 0:  # a year at a time: less to hold than the whole horizon, fewer draws than month by month
            months = np.arange(m, m + 12)[:, None]
            risk = cycle[1 + m // 12] * usual * params.at("risk.distress_level", firm[None, :], FIRST_MONTH + months)
            enters = draw.chance("distress_in", firm[None, :], risk, months)
        sick = np.flatnonzero(now)  # few: only they draw whether it ends
        now[sick] = draw.uniform("distress_out", firm[sick], m) >= params["risk.distress_exit"]
        now |= enters[m % 12]
        now &= m > begins
        chain[m] = now
    cell = np.flatnonzero(chain)
    when = cell // len(firm)
    return cell - when * len(firm), when


def _default(state, sick, when, params, draw):
    """The month of default, of its resolution, the outcome; a firm defaults at most once in the horizon."""
    firm = state["firm"]
    risk = params.at("risk.distress_default", firm[sick], FIRST_MONTH + when)
    hit = draw.chance("default", firm[sick], risk, when)
    first = np.full(len(firm), NEVER)
    np.minimum.at(first, sick[hit], when[hit])
    happens = (first < NEVER) & (first + FIRST_MONTH < state["exit_month"] - 3)
    default_month = np.where(happens, first + FIRST_MONTH, NEVER)
    duration = draw.between("resolution", firm, int(params["risk.resolution_min"]), int(params["risk.resolution_max"]))
    u = draw.uniform("outcome", firm)
    cured, written = params["risk.share_cured"], params["risk.share_written_off"]
    outcome = np.where(u < cured, CURED, np.where(u < cured + written, WRITTEN_OFF, TRANSFERRED))
    return {"default_month": default_month, "resolved_month": default_month + duration, "outcome": outcome}
