"""Fiscal support of guarantors by city and districts: capital, compensation for claims, awards for business."""

import numpy as np

from sfbench.kit import (
    Choice,
    Column,
    Table,
    calibration_numbers,
    codes,
    month_end,
    month_start,
    next_weekday,
    nullable,
    split,
    vocabulary_numbers,
)

TABLE = Table(
    zh="融资担保财政支持",
    en="Fiscal support of guarantors",
    stage="prelude",
    fixed_rows=180,
    row_bytes=44,
    key=("support_id",),
    measures=(14,),
    event_on="paid_on",
    known_on="paid_on",
    rows_by="2022-06-30",
    columns=(
        Column("support_id", "key", "支持编号", "Support"),
        Column("institution_id", "key", "担保机构编号", "Guarantor", references="institution.institution_id"),
        Column("year", "count", "预算年度", "Budget year", low=2022, high=2027),
        Column(
            "kind",
            "code",
            "支持方式",
            "Kind",
            values=codes(
                "capital 资本补充 Capital paid in",
                "compensation 风险补偿 Compensation for claims",
                "award 业务奖补 Award for business",
            ),
        ),
        Column("level", "code", "财政层级", "Paid by", values=codes("city 市级 City", "district 区级 District")),
        Column(
            "district_id",
            "key",
            "行政区编号",
            "District that pays",
            nullable=True,
            references="district.district_id",
        ),
        Column("amount", "money", "金额", "Amount", unit="CNY", low=0.01),
        Column("applied_on", "date", "申请日期", "Applied on"),
        Column("approved_on", "date", "批复日期", "Approved on"),
        Column("paid_on", "date", "拨付日期", "Paid on", low_on="2022-01-01", high_on="2027-12-31"),
    ),
)

KINDS = ("capital", "compensation", "award")
DISTRICT = 1  # position of the level
CENTS = 1e10  # of CNY 100m


def rows(block, needs, params, draw):
    """One row a year, kind, level and guarantor. Handed on: `_capital`, cents by (institution position, year)."""
    weight = calibration_numbers("institution_size", "support_weight")
    years = calibration_numbers("fiscal_support", "year").astype(np.int64)
    fed = np.flatnonzero(weight > 0)
    place = calibration_numbers("institution_size", "institution_id").astype(np.int64)[fed] - 1
    share = np.array([params["fiscal.city_share"], 1 - params["fiscal.city_share"]])
    weights = (share[:, None] * weight[fed]).reshape(-1)
    amounts = np.stack([_paid(kind, weights, params) for kind in KINDS], axis=1)
    shape = (*amounts.shape[:2], len(share), len(fed))
    capital = np.zeros((len(vocabulary_numbers("institution", "institution_id")), len(years)), np.int64)
    capital[place] = amounts.reshape(shape)[:, KINDS.index("capital")].sum(axis=1).T
    amount = amounts.reshape(-1)
    year, kind, level, who = (axis.reshape(-1)[amount > 0] for axis in np.indices(shape))
    number = np.flatnonzero(amount > 0) + 1
    district = draw.choice("district", number, Choice.of(vocabulary_numbers("district", "weight_general")))
    return {
        "support_id": number,
        "institution_id": place[who] + 1,
        "year": years[year],
        "kind": kind,
        "level": level,
        "district_id": nullable(district + 1, level == DISTRICT),
        "amount": amount[number - 1],
        **_dates(number, years[year], params, draw),
        "_capital": capital,
    }


def _paid(kind, weights, params):
    """(years, level x guarantor) cents of one kind: the year's total x scale, split exactly."""
    level = params.at(f"fiscal.{kind}", None, calibration_numbers("fiscal_support", "year") * 12) * params.scale
    total = np.floor(calibration_numbers("fiscal_support", kind) * level * CENTS).astype(np.int64)
    return split(total, np.broadcast_to(weights, (len(total), len(weights))))


def _dates(number, year, params, draw):
    """Applied for in the year, approved and paid on later weekdays of it, as a budget must be spent."""
    last = month_end(year * 12 + 11) - 7
    first = month_start(year * 12)
    decide, pay = int(params["fiscal.decision_days"]), int(params["fiscal.payment_days"])
    applied = next_weekday(first + draw.below("applied", number, last - first - decide - pay))
    approved = next_weekday(applied + 1 + draw.below("approved", number, decide))
    paid = next_weekday(approved + 1 + draw.below("paid", number, pay))
    return {"applied_on": applied, "approved_on": np.minimum(approved, last), "paid_on": np.minimum(paid, last)}
