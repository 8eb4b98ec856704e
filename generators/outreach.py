"""Outreach events: visits, venture days, cross-border series, talks in parks, roadshows, online; firms reached."""

import numpy as np

from sfbench.kit import (
    Choice,
    Column,
    Table,
    calibration,
    calibration_numbers,
    code_list,
    codes,
    day_in_month,
    month_end,
    monthly,
    next_weekday,
    nullable,
    positions,
    split,
    vocabulary_numbers,
)

KINDS = codes(
    "visit 走访 Visits",
    "venture_day 创投日 Venture day",
    "cross_border 跨境金融走进各区 Cross-border finance in the districts",
    "park 进街道进园区 Talks in sub-districts and parks",
    "roadshow 银企对接会 Bank-firm roadshow",
    "online 线上宣讲 Online talk",
)
CHANNELS = codes("offline 线下 Offline", "online 线上 Online")
BODIES = code_list("public_body")
TABLE = Table(
    zh="宣传对接活动",
    en="Outreach events",
    stage="prelude",
    grows="months",
    fixed_rows=2708,
    row_bytes=9,
    key=("outreach_id",),
    measures=(3, 10, 18),
    event_on="held_on",
    known_on="reported_on",
    rows_by="2022-03-31",
    columns=(
        Column("outreach_id", "key", "活动编号", "Event"),
        Column("kind", "code", "活动类别", "Kind", values=KINDS),
        Column("channel", "code", "渠道", "Channel", values=CHANNELS),
        Column("organiser", "code", "主办部门", "Organiser", values=BODIES),
        Column(
            "district_id",
            "key",
            "行政区编号",
            "District; empty for the whole city",
            nullable=True,
            references="district.district_id",
        ),
        Column(
            "held_on",
            "date",
            "举办日期",
            "Held on; the month end for a month's visits",
            low_on="2022-01-01",
            high_on="2027-12-31",
        ),
        Column("reported_on", "date", "上报日期", "Reported on", high_on="2027-12-31"),
        Column("firms_reached", "count", "触达企业数", "Firms reached", unit="firm", low=0),
        Column(
            "firms_first_reached", "count", "首次触达企业数", "Firms reached for the first time", unit="firm", low=0
        ),
        Column("matches", "count", "对接成功数", "Firms matched with a financier", unit="firm", low=0),
    ),
)

FIRST_MONTH, MONTHS = 2022 * 12, 72
REPORT_DAYS = 7  # most days from the event to its report
NONE = -1


def rows(block, needs, params, draw):
    """One row an event, by month; counts of firms x scale, rounded so that their mean stays.

    Handed on: `_venture_day` by month from 2022-01, the event of that month (0 if none); `_cross_border` by (month,
    district position), the latest event of the series there (0 if none yet); both hold outreach_id.
    """
    kind, month, district, ordinal = _calendar(draw)
    number = np.arange(1, len(kind) + 1)
    entity = (month * 100 + ordinal) * 10 + kind  # month, place and kind name the draw

    def of_kind(name):
        return calibration_numbers("outreach_kind", name)[kind]

    def whole(amount, purpose):
        return np.floor(amount + draw.uniform(purpose, entity)).astype(np.int64)

    u = draw.uniform("firms", entity)
    low, high = of_kind("firms_low"), of_kind("firms_high")
    firms = (
        (low + (high - low) * u)
        * _place_weight(kind, district)
        * params.at("outreach.reach", kind, month)
        * params.scale
    )
    firms = whole(firms, "firms.rounding")
    visit = kind == 0
    firms[visit] = _visits(params).reshape(-1)
    share = of_kind("match_low") + (of_kind("match_high") - of_kind("match_low")) * draw.uniform("matches", entity)
    age = (month - FIRST_MONTH) / (MONTHS - 1)
    new = of_kind("new_first") + (of_kind("new_last") - of_kind("new_first")) * age
    held_on = np.minimum(next_weekday(day_in_month(month, draw.uniform("held", entity))), month_end(month))
    held_on = np.where(visit, month_end(month), held_on)
    reported_on = held_on + 1 + draw.below("reported", entity, REPORT_DAYS)
    venture_day, cross_border = _latest(number, kind, month, district)
    return {
        "outreach_id": number,
        "kind": kind,
        "channel": positions(calibration("outreach_kind", "channel"), CHANNELS).values[kind],
        "organiser": positions(calibration("outreach_kind", "organiser"), BODIES).values[kind],
        "district_id": nullable(district + 1, district != NONE),
        "held_on": held_on,
        "reported_on": np.minimum(reported_on, month_end(FIRST_MONTH + MONTHS - 1)),
        "firms_reached": firms,
        "firms_first_reached": np.minimum(whole(firms * new, "new.rounding"), firms),
        "matches": np.minimum(whole(firms * share, "matches.rounding"), firms),
        "_venture_day": venture_day,
        "_cross_border": cross_border,
    }


def _calendar(draw):
    """(kind, month, district position or NONE, place in the month) of all events, by month and kind."""
    places = calibration("outreach_kind", "places")
    every = calibration_numbers("outreach_kind", "every").astype(np.int64)
    starts = [text.split("-") for text in calibration("outreach_kind", "starts")]
    districts = np.arange(len(vocabulary_numbers("district", "district_id")))
    found = []
    for kind, (year, first) in enumerate(starts):
        months = np.arange(int(year) * 12 + int(first) - 1, FIRST_MONTH + MONTHS, every[kind])
        where = districts if places[kind] == "each" else np.array([NONE])
        month, district = (axis.reshape(-1) for axis in np.meshgrid(months, where, indexing="ij"))
        if places[kind] == "one":
            district = draw.choice("district", month, _tech_districts(), kind)
        found.append((np.full(len(month), kind), month, district, np.tile(np.arange(len(where)), len(months))))
    kind, month, district, ordinal = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((ordinal, kind, month))
    return kind[order], month[order], district[order], ordinal[order]


def _tech_districts():
    """Where tech firms are."""
    return Choice.of(sum(vocabulary_numbers("district", f"weight_{kind}") for kind in ("manufacturing", "software")))


def _place_weight(kind, district):
    """Firms of a district against the average one, for kinds that are held in each of them; else 1."""
    weight = vocabulary_numbers("district", "weight_general")
    each = np.array(calibration("outreach_kind", "places"))[kind] == "each"
    return np.where(each, weight[district] * len(weight), 1.0)


def _visits(params):
    """(months, districts) firms visited: the published path x scale, split exactly over the districts."""
    level = params.at("outreach.visits", None, FIRST_MONTH + np.arange(MONTHS)) * params.scale
    path = monthly("visit_path", "firms", FIRST_MONTH, MONTHS) * level
    weight = vocabulary_numbers("district", "weight_general")
    # Rounded along the sum, so that months add up at any scale.
    total = np.diff(np.floor(np.cumsum(np.append(0.0, path)) + 0.5).astype(np.int64))
    return split(total, np.broadcast_to(weight, (MONTHS, weight.size)))


def _latest(number, kind, month, district):
    """Venture day of each month, and the latest cross-border event by (month, district)."""
    names = [code.code for code in KINDS]
    venture_day = np.zeros(MONTHS, np.int64)
    mine = kind == names.index("venture_day")
    venture_day[month[mine] - FIRST_MONTH] = number[mine]
    cross_border = np.zeros((MONTHS, len(vocabulary_numbers("district", "district_id"))), np.int64)
    mine = kind == names.index("cross_border")
    cross_border[month[mine] - FIRST_MONTH, district[mine]] = number[mine]
    return venture_day, np.maximum.accumulate(cross_border, axis=0)
