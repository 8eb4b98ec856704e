"""A bank's incentives for tech finance, version by version: funds price, performance score, tolerance, exemption."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration,
    calibration_numbers,
    month_end,
    month_of,
    month_start,
    nullable,
    vocabulary,
)

TABLE = Table(
    zh="银行科技金融激励约束机制",
    en="Banks' incentives for tech finance",
    stage="prelude",
    fixed_rows=172,
    row_bytes=43,
    key=("institution_id", "version"),
    measures=(9, 19),
    event_on="valid_from",
    known_on="valid_from",
    rows_by="2021-12-31",
    columns=(
        Column("institution_id", "key", "机构编号", "Bank", references="institution.institution_id"),
        Column("version", "count", "版次", "Version of the bank's rules", low=1),
        Column("valid_from", "date", "生效日期", "Valid from", low_on="2021-01-01", high_on="2027-12-31"),
        Column("valid_to", "date", "失效日期", "Valid to (last day)", nullable=True, known_on="valid_to"),
        Column(
            "ftp_cut_bp",
            "count",
            "内部资金转移定价优惠",
            "Cut in the internal funds price of tech loans; 0 for none",
            unit="bp",
            low=0,
            high=200,
        ),
        Column(
            "kpi_weight",
            "rate",
            "科技金融考核权重",
            "Weight of tech finance in performance scores; 0 for none",
            unit="%",
            low=0,
            high=50,
        ),
        Column(
            "npl_tolerance",
            "rate",
            "科技贷款不良容忍度",
            "Points that the tech NPL ratio may lie above the bank's own all-loan ratio; 0 for none",
            unit="percentage point",
            low=0,
            high=10,
        ),
        Column("exemption_rule", "flag", "是否有书面尽职免责规定", "Has a written rule that exempts diligent staff"),
        Column(
            "green_channel_days",
            "count",
            "审贷绿色通道承诺时限",
            "Promised time of the green channel; empty without one",
            unit="working day",
            low=1,
            high=60,
            nullable=True,
        ),
    ),
)

YEARS = np.arange(2021, 2028)  # the first version is of 2021: what the window opens with
PLAN, PLAN_MONTH = 2025, 2025 * 12 + 3  # the plan is of March 2025; banks answer from April
FIRST_MONTH, MONTHS = 2016 * 12, 144
WIDE = 1 << 20  # more than any month number


def rows(block, needs, params, draw):
    """One row a bank and version.

    Handed on: `_version`, by (bank position, month from 2016-01) the row in force at the month end; before its first
    version a bank counts as having that one.
    """
    types = [name for name in vocabulary("institution", "bank_type") if name]
    bank = np.arange(1, len(types) + 1)
    entity, year = np.repeat(bank, len(YEARS)), np.tile(YEARS, len(bank))
    revises = draw.chance("revises", entity, _revision(entity, year, params), year) | (year == YEARS[0])
    entity, year = entity[revises], year[revises]
    terms = _terms(types, entity, year, params, draw)
    # A revision that changes nothing is no new version.
    same = (entity[1:] == entity[:-1]) & (terms[1:] == terms[:-1]).all(axis=1)
    kept = np.flatnonzero(np.append(True, ~same))
    entity, year, terms = entity[kept], year[kept], terms[kept]
    low = np.where(year == PLAN, month_start(PLAN_MONTH), month_start(year * 12))
    valid_from = low + draw.below("valid_from", entity, month_end(year * 12 + 11) - low + 1, year)
    version = np.arange(len(entity)) - np.searchsorted(entity, entity) + 1
    replaced = np.append(entity[1:] == entity[:-1], False)
    begun = np.where(version == 1, 0, month_of(valid_from))
    asked = bank[:, None] * WIDE + FIRST_MONTH + np.arange(MONTHS)
    ftp, kpi, tolerance, exemption, green = terms.T
    return {
        "institution_id": entity,
        "version": version,
        "valid_from": valid_from,
        "valid_to": nullable(np.append(valid_from[1:], 1) - 1, replaced),
        "ftp_cut_bp": ftp,
        "kpi_weight": kpi,
        "npl_tolerance": tolerance,
        "exemption_rule": exemption == 1,
        "green_channel_days": nullable(green, green > 0),
        "_version": np.searchsorted(entity * WIDE + begun, asked, side="right") - 1,
    }


def _terms(types, entity, year, params, draw):
    """(rows, terms): funds price, score, tolerance, exemption, green channel; 0 for none. What is adopted grows."""
    grown = (year - YEARS[0] + 1) / len(YEARS)

    def size(name, start, goal):
        """From the start towards the goal, as far as the bank ever goes and the years have brought it."""
        return start + np.floor((goal - start) * draw.uniform(f"{name}.size", entity) * grown + 0.5).astype(np.int64)

    def bounds(name):
        return (int(params[f"policy.{name}_{end}"]) for end in ("least", "most"))

    least_days, most_days = bounds("green_days")
    # Tolerance goes by half points up to the rule's most.
    rule = int(params["policy.npl_tolerance"] * 2)
    tolerance = size("tolerance", min(int(params["policy.npl_tolerance_least"] * 2), rule), rule)
    terms = (
        ("ftp", size("ftp", *bounds("ftp_cut"))),
        ("kpi", size("kpi", *bounds("kpi")) * 100_000),
        ("tolerance", tolerance * 50_000),
        ("exemption", np.ones(len(entity), np.int64)),
        ("green", size("green", most_days, least_days)),
    )
    return np.stack([np.where(_adopted(name, types, entity, year, params, draw), term, 0) for name, term in terms], 1)


def _revision(entity, year, params):
    """Chance that a bank revises its rules in a year; the plan raises it in 2025."""
    month = year * 12
    usual, after = params.at("policy.revision", entity, month), params.at("policy.revision_plan", entity, month)
    return np.where(year == PLAN, usual + (after - usual) * params.at("policy.plan_effect", entity, month), usual)


def _adopted(name, types, entity, year, params, draw):
    """Has the bank this incentive? One uniform a bank against a share that rises, so what is adopted stays.

    A bank that is keen on one incentive is likelier keen on another: some read the uniform that all of them share.
    """
    who = np.array(calibration("bank_incentive", "bank_type"))
    knots, shares = (calibration_numbers("bank_incentive", column) for column in ("year", name))
    path = np.array([np.interp(YEARS, knots[who == kind], shares[who == kind]) for kind in types])
    # What the plan adds is the rise after the year before it.
    full, before = (path[entity - 1, np.minimum(year, last) - YEARS[0]] for last in (YEARS[-1], PLAN - 1))
    share = before + (full - before) * params.at("policy.plan_effect", entity, year * 12)
    shared = draw.chance(f"{name}.shared", entity, params["policy.common"])
    keen = np.where(shared, draw.uniform("keen", entity), draw.uniform(name, entity))
    return keen < share
