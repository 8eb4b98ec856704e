"""What makes a firm innovative in 2021-2027: R&D, tech staff, patents, innovation points, stage of life. Unpublished.

Matrices are over the firms of firm_accounts (`row`) and the years; `ip_from` is over all firms of the block.
"""

from functools import cache

import numpy as np

from sfbench.kit import Table, calibration, calibration_numbers, code_list, quantiles

TABLE = Table(
    zh="企业年度创新状况",
    en="Innovation of firms by year",
    published=False,
    key=("firm",),
    columns=(),
    needs=("firm_state", "firm_month", "tag_month", "firm_accounts"),
    grows="scale",
)

FIRST_YEAR, YEARS = 2021, 7
FIRST_PATH_YEAR, FIRST_TAG_MONTH = 2015, 2016 * 12
NEVER = 1 << 40
TECH, OUT, USE, OTHER = range(4)
LARGE, END = 0, 2028 * 12
STRETCH, CITY_STRETCHES = 6144, 117  # firms of a stretch of numbers, and stretches at scale 1
NODE_POSITION, NODE_FOUNDED = 0.25, 2016 * 12  # a super-node is none of the smallest large firms, and not young
HNTE_BIT = 1 << (2 + [code.code for code in code_list("tag")].index("HNTE"))
TECH_STAFF, HIGH_TECH_REVENUE = 0.10, 0.60  # floors of the HNTE rule
# Lowest share and span of tech staff and of high-tech product revenue by kind of firm: priors.
STAFF_SHARE = ((0.04, 0.56), (0.04, 0.56), (0.02, 0.25), (0.01, 0.08))
PRODUCT_SHARE = ((0.25, 0.72), (0.25, 0.72), (0.05, 0.50), (0.0, 0.0))
# Priors: most that a year's share lies below the usual, reach above a floor, spread of the stage score.
WOBBLE, ABOVE, STAGE_SPREAD = 0.06, 0.04, 0.06
YEARS_TO_GROW, FULL_AGE, FULL_GROWTH = 8, 12, 0.6  # of a patent portfolio; of age and growth in the stage score
SIZE_PART = (1.0, 0.8, 0.45, 0.0)  # of the life-cycle score, large to micro


def rows(block, needs, params, draw):
    """See the module docstring; R&D in cents."""
    books, row = needs["firm_accounts"], needs["firm_accounts"]["row"]
    ip_from = _ip_from(needs["firm_state"], needs["tag_month"]["held"], params, draw)
    state = {name: column[row] for name, column in needs["firm_state"].items()}
    at = slice(FIRST_YEAR - FIRST_PATH_YEAR, None)
    revenue, ratio, size = (needs["firm_month"][name][row, at] for name in ("revenue", "rd_ratio", "size"))
    before = needs["firm_month"]["revenue"][row, FIRST_YEAR - FIRST_PATH_YEAR - 1 : -1]
    growth = np.where(before > 0, revenue / np.maximum(before, 1.0) - 1.0, 0.3)
    held = needs["tag_month"]["held"][row] & HNTE_BIT > 0
    certified = held.reshape(len(row), held.shape[1] // 12, 12).any(axis=2)  # -1 could not be told from no row
    certified = certified[:, FIRST_YEAR - FIRST_TAG_MONTH // 12 :]
    staff_share, product_share = _shares(state, certified, params, draw)
    rd_spend = np.floor(revenue * ratio + 0.5).astype(np.int64)
    scope = np.where(state["kind"] == OTHER, params["innovation.rd_scope_other"], 1.0)[:, None]
    nodes = _nodes(state, needs["firm_month"]["exit_month"][row])
    patents = _patents(state, ip_from[row], nodes, draw)
    tech_staff = np.ceil(staff_share * books["staff"]).astype(np.int64)
    tested = {
        "rd_ratio": ratio,
        "rd_spend": rd_spend / 100,
        "tech_staff_share": staff_share,
        "valid_inventions": patents["inventions"],
        "high_tech_share": product_share,
        "growth": growth,
        "profit_margin": books["profit"] / np.maximum(books["revenue"], 1),
        "high_tech_tag": certified,
    }
    return {
        "ip_from": ip_from,
        "rd_ratio": ratio,
        "rd_spend": rd_spend,
        "rd_internal": np.floor(rd_spend * scope * calibration_numbers("enterprise_year", "rd_internal") + 0.5).astype(
            np.int64
        ),
        "size": size,
        "tech_staff": np.minimum(tech_staff, books["staff"]),
        "high_tech_revenue": np.floor(books["revenue"] * product_share).astype(np.int64),
        **patents,
        "points": _points(tested),
        "stage": _stage(state, size, growth, params, draw),
    }


def _ip_from(state, held, params, draw):
    """Month of the first IP right of any kind by firm, NEVER if none; an HNTE has one when it applies."""
    firm, small = state["firm"], state["size"] >= 2
    by_kind = np.array([params["innovation.ip_tech"]] * 2 + [params["innovation.ip_use"]] * 2)
    chance = np.where((state["kind"] == OTHER) & small, params["innovation.ip_other"], by_kind[state["kind"]])
    lag = draw.below("ip_lag", firm, int(params["innovation.ip_months"]))
    month = np.where(draw.chance("ip", firm, chance), state["founded_month"] + lag, NEVER)
    tech = np.flatnonzero(state["kind"] <= OUT)
    is_held = held[tech] & HNTE_BIT > 0
    first = np.where(is_held.any(axis=1), FIRST_TAG_MONTH + is_held.argmax(axis=1) - 12, NEVER)
    month[tech] = np.minimum(month[tech], np.maximum(first, state["founded_month"][tech]))
    return month


def _shares(state, certified, params, draw):
    """Shares of tech staff and of high-tech product revenue; who is or soon becomes an HNTE meets the floors."""
    soon = certified.copy()
    soon[:, :-1] |= certified[:, 1:]
    soon[:, :-2] |= certified[:, 2:]
    firm, years = state["firm"][:, None], np.arange(YEARS)[None, :]
    out = []
    for name, table, floor in (
        ("tech_staff", STAFF_SHARE, TECH_STAFF),
        ("high_tech", PRODUCT_SHARE, HIGH_TECH_REVENUE),
    ):
        low, span = np.array(table).T[:, state["kind"]]
        usual = (low + span * draw.uniform(name, state["firm"]))[:, None]
        share = usual * (1 - WOBBLE * draw.uniform(f"{name}_year", firm, years))
        stretches = draw.chance(f"{name}_stretch", state["firm"], params["innovation.hnte_tests"])[:, None]
        above = floor + ABOVE * draw.uniform(f"{name}_above", firm, years)
        out.append(np.where(soon & stretches & (share < floor), above, share))
    return out


GROUPS = (
    ("tech_large", "tech_medium", "tech_small", "tech_micro"),
    ("tech_medium", "tech_medium", "tech_small", "tech_micro"),
    ("use_large", "use_other", "use_other", "use_other"),
    ("other_large", "other_medium", "other_medium", "other_medium"),
)  # by kind and size


def _nodes(state, exit_month):
    """(rows, places in the table of super-nodes) of the super-nodes among these firms.

    Drawn super-nodes would make the city's total a matter of luck, and a firm must hold the same at every scale: so
    they are the first fitting firms of stretches at even distances, wherever a block begins.
    """
    nodes = len(calibration_numbers("patent_node", "patents"))
    fits = (state["kind"] == TECH) & (state["size"] == LARGE) & (state["position"] > NODE_POSITION)
    fits &= (state["founded_month"] < NODE_FOUNDED) & (exit_month >= END)
    row = np.flatnonzero(fits)
    stretch, first = np.unique((state["firm"][row] - 1) // STRETCH, return_index=True)
    number, before = ((at * nodes + CITY_STRETCHES // 2) // CITY_STRETCHES for at in (stretch, stretch - 1))
    turn = number > before
    return row[first[turn]], (number[turn] - 1) % nodes


def _patents(state, ip_from, nodes, draw):
    """Valid inventions held, PCT applications and grants of the year: a firm's place in a heavy tail, age and time."""
    firm = state["firm"]
    names = sorted(set(calibration("patent_tail", "group")))
    group = np.array([[names.index(name) for name in kind] for kind in GROUPS])[state["kind"], state["size"]]
    place = draw.uniform("patent_place", firm)
    level = {what: np.zeros(len(firm)) for what in ("patents", "grants")}
    for number, name in enumerate(names):
        mine = np.flatnonzero(group == number)
        for what, column in level.items():
            column[mine] = np.interp(place[mine], *_tail(name, what))
    year = FIRST_YEAR + np.arange(YEARS)
    age = year - state["founded_month"][:, None] // 12
    grown = np.clip((age + 1) / YEARS_TO_GROW, 0.0, 1.0)
    spread = draw.quantile("patent_level", firm, quantiles("lognormal_0.3"))[:, None] * grown
    for what, column in level.items():
        column[nodes[0]] = calibration_numbers("patent_node", what)[nodes[1]]
    spread[nodes[0]] = 1.0
    spread = spread * (ip_from[:, None] <= year * 12 + 11)
    years = np.arange(YEARS)[None, :]
    held = level["patents"][:, None] * spread * calibration_numbers("enterprise_year", "inventions")
    granted = level["grants"][:, None] * spread * calibration_numbers("enterprise_year", "grants")
    inventions = np.floor(held + draw.uniform("invention", firm)[:, None] * (held > 0)).astype(np.int64)
    applied = inventions * calibration_numbers("enterprise_year", "pct")
    return {
        "inventions": inventions,
        "pct": np.floor(applied + draw.uniform("pct", firm[:, None], years) * (applied > 0)).astype(np.int64),
        "grants": np.floor(granted + draw.uniform("grant", firm[:, None], years) * (granted > 0)).astype(np.int64),
    }


@cache
def _tail(group, what):
    keep = [i for i, name in enumerate(calibration("patent_tail", "group")) if name == group]
    return calibration_numbers("patent_tail", "place")[keep], calibration_numbers("patent_tail", what)[keep]


def _points(tested):
    """Innovation points 0 to 100: each indicator up to its weight, in proportion to its full mark."""
    total = np.zeros(tested["rd_ratio"].shape)
    columns = (calibration_numbers("innovation_points", name) for name in ("weight", "full"))
    for name, weight, full in zip(calibration("innovation_points", "indicator"), *columns, strict=True):
        total += weight * np.clip(tested[name] / full, 0.0, 1.0)
    return np.floor(total + 0.5).astype(np.int64)


def _stage(state, size, growth, params, draw):
    """Stage of life (0 seed to 3 mature) from age, size and revenue growth; a stage is never left backwards."""
    age = FIRST_YEAR + np.arange(YEARS) + 0.5 - state["founded_month"][:, None] / 12
    score = params["stage.age"] * np.clip(age / FULL_AGE, 0.0, 1.0) + params["stage.size"] * np.array(SIZE_PART)[size]
    score -= params["stage.growth"] * np.clip(growth / FULL_GROWTH, -0.3, 1.0)
    score += STAGE_SPREAD * draw.quantile("stage", state["firm"], quantiles("normal"))[:, None]
    edges = [params["stage.startup_from"], params["stage.growth_from"], params["stage.mature_from"]]
    return np.maximum.accumulate(np.searchsorted(edges, score, side="right"), axis=1)
