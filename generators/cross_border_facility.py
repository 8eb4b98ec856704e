"""Quotas for external debt that qualified firms register: facilities of the cross-border financing pilot."""

from functools import cache

import numpy as np

from sfbench.kit import Column, Table, code_list, day_in_month, nullable, vocabulary

TABLE = Table(
    zh="跨境融资便利化额度",
    en="Cross-border financing facilities",
    key=("facility_id",),
    needs=("firm_state", "firm_month", "tag_month", "enterprise_year"),
    grows="enterprise",
    per_firm=0.00035,
    row_bytes=1514,
    measures=(10,),
    event_on="registered_on",
    known_on="registered_on",
    rows_by="2024-03-31",
    columns=(
        Column("facility_id", "key", "额度登记编号", "Facility"),
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("institution_id", "key", "机构编号", "Handling bank", references="institution.institution_id"),
        Column("basis", "code", "额度依据", "Rule that the quota rests on", values=code_list("facility_basis")),
        Column(
            "qualification",
            "code",
            "资质",
            "Qualification held when registered",
            values=code_list("tag"),
            nullable=True,
        ),
        Column("registered_on", "date", "登记日期", "Registered on", low_on="2020-01-01", high_on="2027-12-31"),
        Column("replaced_on", "date", "换发日期", "Replaced by a larger quota", nullable=True, known_on="replaced_on"),
        Column("currency", "code", "币种", "Currency of the debt", values=code_list("debt_currency")),
        Column("quota_usd", "money", "额度", "Quota", unit="USD", low=0.01),
    ),
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
LAST = FIRST_MONTH + MONTHS - 1
NEVER = 1 << 40
TECH = 0
FIRST_TAG_BIT = 2
PILOT, RULE, POINTS = range(3)
PILOT_FROM, RULE_FROM = 2020 * 12, 2022 * 12 + 5  # the rule of 2022-05-31 is used from June on
FIRST_POINTS_MONTH = 2022 * 12  # the points of 2021 are the first that are known
# Qualifications of the pilot, in the order in which one is named where a firm holds several.
QUALIFICATIONS = ("HNTE", "LITTLE_GIANT", "SRDI")
SIZES = ("large", "medium", "small", "micro")


def rows(block, needs, params, draw):
    """One row a registration: a firm's first, and the larger ones that replace it."""
    state, held, gone = needs["firm_state"], needs["tag_month"]["held"], needs["firm_month"]["exit_month"]
    row, start = _registering(block, state, held, gone, params, draw)
    firm = state["firm"][row]
    fits = _qualified(firm, held[row], params, draw) & (_months() < gone[row][:, None])
    points = needs["enterprise_year"]["_points"][row]
    months = _registrations(firm, start, fits, points, params, draw)
    days = day_in_month(np.minimum(months, LAST), draw.uniform("day", firm[:, None], np.arange(3)))
    at, basis = np.nonzero(months < NEVER)
    last = np.append(np.diff(at) > 0, np.ones(min(len(at), 1), bool))  # the firm's last registration
    following = np.minimum(np.arange(len(at)) + 1, len(at) - 1)
    quotas = np.array([round(params[f"facility.{name}_quota"]) * 100 for name in ("pilot", "rule", "points")])
    in_force = np.full((len(row), MONTHS), -1)
    for one in range(3):
        in_force[_months() >= months[:, one][:, None]] = one
    return {
        "facility_id": firm[at] * 4 + basis,
        "enterprise_id": firm[at],
        "institution_id": 1 + draw.below("bank", firm, _banks())[at],
        "basis": basis,
        "qualification": _qualification(held[row[at], months[at, basis] - FIRST_MONTH]),
        "registered_on": days[at, basis],
        "replaced_on": nullable(days[at[following], basis[following]], ~last),
        "currency": _currency(firm, params, draw)[at],
        "quota_usd": quotas[basis],
        "_firm_row": row,
        "_currency": _currency(firm, params, draw),
        "_basis": in_force,
        "_quota": np.where(in_force >= 0, quotas[in_force], 0),
        "_open": fits,
    }


def _months():
    return np.arange(FIRST_MONTH, FIRST_MONTH + MONTHS)


@cache
def _banks():
    return vocabulary("institution", "kind").count("bank")


@cache
def _bits():
    """The tags' bits of tag_month for the qualifications, in their order."""
    tags = [code.code for code in code_list("tag")]
    return tuple(1 << (FIRST_TAG_BIT + tags.index(name)) for name in QUALIFICATIONS)


def _registering(block, state, held, gone, params, draw):
    """(rows, month from which they want it) of the firms that ever register."""
    row = np.flatnonzero(state["kind"] == TECH)
    chance = np.array([params[f"facility.take_up_{size}"] for size in SIZES])[state["size"][row]]
    chosen = draw.uniform("registers", state["firm"][row]) < chance
    start = PILOT_FROM + draw.below("start", state["firm"][row], LAST - PILOT_FROM - 3)
    if block.index == 0:  # a firm there and qualified through 2024, or longest, registers: no scale is without one
        year = slice(2023 * 12 + 11 - FIRST_MONTH, 2025 * 12 - FIRST_MONTH)
        through = (held[row, year] & sum(_bits()) > 0) & (_months()[year] < gone[row][:, None])
        first = int(np.argmax(through.sum(axis=1)))
        chosen[first], start[first] = True, 2024 * 12
    return row[chosen], start[chosen]


def _qualified(firm, held, params, draw):
    """(firms, months) bool: a qualification held at both ends of the month, or the rule does not ask for one."""
    both = held.copy()
    both[:, 1:] &= held[:, :-1]
    free = draw.uniform("free", firm) >= params["facility.needs_tag"]
    return ((both & sum(_bits())) > 0) | free[:, None]


def _registrations(firm, start, fits, points, params, draw):
    """(firms, 3) month of the registration under each rule, NEVER if there is none; they rise along a row."""
    first = _first(fits, start)
    pilot = np.where(first < RULE_FROM, first, NEVER)
    again = np.where(pilot < NEVER, RULE_FROM + draw.below("again", firm, 9), start)
    rule = _first(fits, np.maximum(again, RULE_FROM))
    # The points of a year are known in the next one.
    known = np.repeat(points >= params["facility.points_floor"], 12, axis=1)[:, : LAST + 1 - FIRST_POINTS_MONTH]
    chosen = np.zeros(fits.shape, bool)
    chosen[:, FIRST_POINTS_MONTH - FIRST_MONTH :] = known
    ready = np.maximum(rule + 3 + draw.below("points", firm, 9), int(params["facility.points_from"]))
    larger = _first(fits & chosen, ready)
    larger[draw.uniform("no_points", firm) >= params["facility.needs_points"]] = NEVER
    return np.stack((pilot, rule, larger), axis=1)


def _first(fits, start):
    """The first month from `start` on in which it fits, NEVER if none."""
    ok = fits & (_months() >= start[:, None])
    return np.where(ok.any(axis=1), FIRST_MONTH + ok.argmax(axis=1), NEVER)


def _qualification(held):
    """Position of the tag by which the firm qualifies; null where it holds none of them."""
    tags = [code.code for code in code_list("tag")]
    found = np.full(len(held), -1)
    for name, bit in zip(reversed(QUALIFICATIONS), reversed(_bits()), strict=True):
        found[(held & bit) > 0] = tags.index(name)
    return nullable(np.maximum(found, 0), found >= 0)


def _currency(firm, params, draw):
    usd, hkd = params["facility.usd_share"], params["facility.hkd_share"]
    u = draw.uniform("currency", firm)
    return np.where(u < usd, 0, np.where(u < usd + hkd, 1, 2))
