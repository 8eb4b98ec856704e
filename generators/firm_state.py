"""What a firm is by birth: class, place, trade, quality, and when it was founded. Unpublished."""

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


def rows(block, needs, params, draw):
    """One entry a firm; arrays of length block.count."""
    firm = block.firms
    # One evenly spread sequence gives class and size within class, so every prefix of firms is well mixed.
    place = kronecker(draw.seed, "firm.class", firm, 0, 2)
    edges = np.concatenate(([0.0], np.cumsum(calibration_numbers("firm_class", "firms"))))
    edges /= edges[-1]
    cls = np.searchsorted(edges, place, side="right") - 1
    position = (place - edges[cls]) / (edges[cls + 1] - edges[cls])
    kind = np.array([KINDS.index(k) for k in calibration("firm_class", "kind")])[cls]
    size = np.array([SIZES.index(s) for s in calibration("firm_class", "size")])[cls]
    seeks = kronecker(draw.seed, "firm.class", firm, 1, 2) < calibration_numbers("firm_class", "seek")[cls]
    industry = _industry(kind, firm, draw)
    founded_month = _founded(draw.uniform("founded", firm), cls)
    founded_on = day_in_month(founded_month, draw.uniform("founded_day", firm))
    lifetime = draw.quantile("exit", firm, quantiles("exponential"))
    exit_after = np.minimum(lifetime * 12 / calibration_numbers("firm_class", "exit_rate")[cls], 1e4).astype(np.int64)
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
        "exit_month": np.maximum(founded_month, JANUARY_2016) + 6 + exit_after,
    }


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


def _founded(u, cls):
    """Month number of founding: a class draws from its span of the founding table, so larger firms are older."""
    weight = calibration_numbers("founding", "weight")
    edges = np.concatenate(([0.0], np.cumsum(weight))) / weight.sum()
    low, high = (calibration_numbers("firm_class", f"founded_{end}")[cls] for end in ("low", "high"))
    u = low + (high - low) * u
    year = np.searchsorted(edges, u, side="right") - 1
    within = (u - edges[year]) / (edges[year + 1] - edges[year])
    return (int(calibration_numbers("founding", "year")[0]) + year) * 12 + (within * 12).astype(np.int64)
