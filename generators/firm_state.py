"""What a firm is by birth: class, place, trade, quality, group, and when it was founded. Unpublished."""

import numpy as np

from sfbench.kit import (
    Choice,
    Table,
    calibration,
    calibration_numbers,
    day_in_month,
    kronecker,
    quantiles,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="企业状态",
    en="Firms by birth",
    published=False,
    key=("firm",),
    columns=(),
    grows="scale",
)

KINDS = ("tech", "out", "use", "other")  # tags may be won by: tech firms of the city and, out of it, their like
SIZES = ("CS01", "CS02", "CS03", "CS04")
JANUARY_2016 = 2016 * 12
LARGE, MEDIUM, SMALL = range(3)
NEIGHBOURS = 2048  # firm numbers before its own among which a firm finds the head of its group


def rows(block, needs, params, draw):
    """One entry a firm; arrays of length block.count. `parent` is the firm that heads its group (0 none)."""
    firm = block.firms
    cls, position = _class(firm, draw)
    kind = np.array([KINDS.index(k) for k in calibration("firm_class", "kind")])[cls]
    size = _sizes()[cls]
    seeks = kronecker(draw.seed, "firm.class", firm, 1, 2) < calibration_numbers("firm_class", "seek")[cls]
    industry = _industry(kind, firm, draw)
    founded_month, founded_on = _founded(firm, cls, draw)
    at_risk_from = np.maximum(founded_month, JANUARY_2016) + 6
    return {
        "firm": firm,
        "class": cls,
        "kind": kind,
        "size": size,
        "position": position,
        "quality": draw.quantile("quality", firm, quantiles("normal")),
        "seeks": seeks,
        "industry": industry,
        "strategic": _strategic(industry, firm, draw),
        "district": _district(industry, kind, firm, draw),
        "founded_month": founded_month,
        "founded_on": founded_on,
        "exit_month": at_risk_from + _exit_after(firm, cls, at_risk_from - founded_month, params, draw),
        "parent": _parent(firm, size, founded_on, params, draw),
    }


def _class(firm, draw):
    """(class, position within it in [0, 1)): one evenly spread sequence, so every prefix of firms is well mixed."""
    place = kronecker(draw.seed, "firm.class", firm, 0, 2)
    edges = np.concatenate(([0.0], np.cumsum(calibration_numbers("firm_class", "firms"))))
    edges /= edges[-1]
    cls = np.searchsorted(edges, place, side="right") - 1
    return cls, (place - edges[cls]) / (edges[cls + 1] - edges[cls])


def _sizes():
    """Position of the size code by class."""
    return np.array([SIZES.index(s) for s in calibration("firm_class", "size")])


def _exit_after(firm, cls, age, params, draw):
    """Months until the firm leaves the register: the hazard of its class, higher while the firm is young."""
    lifetime = draw.quantile("exit", firm, quantiles("exponential"))
    hazard = calibration_numbers("firm_class", "exit_rate")[cls] / 12
    young = np.maximum(params["firm.young_until"] * 12 - age, 0)  # months left with the higher hazard
    early, late = hazard * params["firm.exit_young"], hazard * params["firm.exit_old"]
    used = young * early
    months = np.where(lifetime < used, lifetime / early, young + (lifetime - used) / late)
    return np.minimum(months, 1e4).astype(np.int64)


def _parent(firm, size, founded_on, params, draw):
    """Heads are large firms, not younger than those who choose them, with a number a little below theirs.

    So whom a firm belongs to depends neither on where a block begins nor on how many firms come after it. A head is
    its own parent, also where none of the firms that chose it is in the data.
    """
    head, since = _heads(np.arange(max(1, firm[0] - NEIGHBOURS), firm[-1] + 1), params, draw)
    chance = np.zeros(len(SIZES))
    chance[[MEDIUM, SMALL]] = params["group.member_medium"], params["group.member_small"]
    member = np.flatnonzero(draw.chance("member", firm, chance[size]))
    low = np.searchsorted(head, firm[member] - NEIGHBOURS)
    many = np.searchsorted(head, firm[member]) - low
    member, low, many = member[many > 0], low[many > 0], many[many > 0]
    choice = low + draw.below("head_of", firm[member], many)
    older = since[choice] <= founded_on[member]
    parent = np.where(np.isin(firm, head), firm, 0)
    parent[member[older]] = head[choice[older]]
    return parent


def _heads(firm, params, draw):
    """(numbers, founding days) of the firms that head a group, among these numbers."""
    cls, _ = _class(firm, draw)
    large = np.flatnonzero(_sizes()[cls] == LARGE)
    large = large[draw.chance("head", firm[large], params["group.parent_share"])]
    return firm[large], _founded(firm[large], cls[large], draw)[1]


def _industry(kind, firm, draw):
    """Position in the industry vocabulary; out-of-city firms draw as tech firms do."""
    industry = np.empty(firm.shape, np.int64)
    weights = {"tech": "weight_tech", "out": "weight_tech", "use": "weight_use", "other": "weight_other"}
    for number, name in enumerate(KINDS):
        mine = np.flatnonzero(kind == number)
        table = Choice.of(vocabulary_numbers("industry", weights[name]))
        industry[mine] = draw.choice("industry", firm[mine], table)
    return industry


def _strategic(industry, firm, draw):
    """Does the firm's own product belong to the strategic-emerging catalogue? Drawn given the class, once a firm."""
    return draw.chance("strategic", firm, vocabulary_numbers("industry", "se_share")[industry])


def _district(industry, kind, firm, draw):
    """Position in the district vocabulary given the industry; -1 outside the city."""
    trade = vocabulary("industry", "district_kind")
    names = ("manufacturing", "software", "other")
    group = np.array([names.index(name) for name in trade])[industry]
    group = np.where(np.isin(kind, (0, 1)), group, 3)
    district = np.empty(firm.shape, np.int64)
    for number, name in enumerate((*names, "general")):
        mine = np.flatnonzero(group == number)
        table = Choice.of(vocabulary_numbers("district", f"weight_{name}"))
        district[mine] = draw.choice("district", firm[mine], table)
    district[kind == KINDS.index("out")] = -1
    return district


def _founded(firm, cls, draw):
    """(month number, day) of founding: a class draws from its span of the founding table, so larger firms are older."""
    weight = calibration_numbers("founding", "weight")
    edges = np.concatenate(([0.0], np.cumsum(weight))) / weight.sum()
    low, high = (calibration_numbers("firm_class", f"founded_{end}")[cls] for end in ("low", "high"))
    u = low + (high - low) * draw.uniform("founded", firm)
    year = np.searchsorted(edges, u, side="right") - 1
    within = (u - edges[year]) / (edges[year + 1] - edges[year])
    month = (int(calibration_numbers("founding", "year")[0]) + year) * 12 + (within * 12).astype(np.int64)
    return month, day_in_month(month, draw.uniform("founded_day", firm))
