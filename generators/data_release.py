"""Scheduled publications, exchanges between departments and results of the assessment of banks: due, released, lag."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    code_list,
    codes,
    codes_from,
    month_end,
    month_of,
    month_start,
    next_weekday,
    nullable,
    positions,
    vocabulary,
    vocabulary_numbers,
)

KINDS = codes(
    "publication 数据发布 Publication",
    "bulletin 工作通报 Bulletin",
    "exchange 信息交换 Exchange of information",
    "assessment 评估结果 Assessment result",
)
BODIES = code_list("public_body")
TABLE = Table(
    zh="数据发布与信息交换",
    en="Releases and exchanges of data",
    stage="prelude",
    fixed_rows=481,
    row_bytes=24.5,
    key=("release_id",),
    measures=(17, 18),
    event_on="scheduled_on",
    known_on="scheduled_on",
    rows_by="2022-01-01",
    columns=(
        Column("release_id", "key", "发布编号", "Release"),
        Column(
            "series",
            "code",
            "系列",
            "Series",
            values=codes_from("data_release", "series", "title_zh", "title_en"),
        ),
        Column("kind", "code", "类别", "Kind", values=KINDS),
        Column("body", "code", "责任部门", "Responsible body", values=BODIES),
        Column(
            "institution_id",
            "key",
            "被评估机构编号",
            "Institution assessed",
            nullable=True,
            references="institution.institution_id",
        ),
        Column("period_end", "date", "所属期末", "End of the period that it is about"),
        Column("scheduled_on", "date", "计划公布日期", "Schedule known on"),
        Column("due_on", "date", "计划发布日期", "Due on", low_on="2022-01-01", high_on="2027-12-31"),
        Column("released_on", "date", "实际发布日期", "Released or held on", nullable=True, known_on="released_on"),
        Column(
            "lag_days",
            "count",
            "较计划延迟天数",
            "Days after schedule; negative if early",
            unit="day",
            low=-30,
            high=120,
            nullable=True,
            known_on="released_on",
        ),
        Column("revised_on", "date", "修订日期", "Revised on", nullable=True, known_on="revised_on"),
        Column(
            "shared_with",
            "count",
            "共享部门数",
            "Authorities with which an assessment result is shared",
            low=1,
            high=10,
            nullable=True,
            known_on="released_on",
        ),
        Column(
            "problems_raised",
            "count",
            "提出问题数",
            "Problems raised at an exchange",
            low=0,
            nullable=True,
            known_on="released_on",
        ),
        Column(
            "followed_up_on",
            "date",
            "跟踪日期",
            "Followed up on, after 60 days",
            nullable=True,
            known_on="followed_up_on",
        ),
        Column(
            "problems_solved",
            "count",
            "60日内解决问题数",
            "Problems solved within 60 days",
            low=0,
            nullable=True,
            known_on="followed_up_on",
        ),
    ),
)

STEPS = {"year": 12, "half": 6, "quarter": 3, "month": 1}  # months between two periods
LAST_MONTH = 2027 * 12 + 11
CALENDAR_DAY = 11  # days before the new year at which its calendar of releases is known
REVISION_DAYS = 30, 180  # a revision comes with one of the next reports
FOLLOW_UP = 60  # days, as the metric of measure 18 counts


def rows(block, needs, params, draw):
    """One row a release; the assessment has one for each bank assessed."""
    series, period, bank = _schedule(params)
    entity = (series * 1000 + bank) * 100_000 + period  # the series, bank and period name the draw
    kind = positions(vocabulary("data_release", "kind"), KINDS).values[series]
    due_on = next_weekday(month_end(period) + vocabulary_numbers("data_release", "lag_days").astype(np.int64)[series])
    new_year = month_start(month_of(due_on) // 12 * 12)
    scheduled_on = np.maximum(new_year - CALENDAR_DAY, month_start(_first_periods()[series]))
    on_time = draw.chance("on_time", entity, params.at("release.on_time", series, period))
    early = draw.below("early", entity, int(params["release.early_days"]) + 1)
    late = 1 + draw.below("late", entity, int(params["release.late_days"]))
    released_on = np.maximum(np.where(on_time, due_on - early, due_on + late), scheduled_on)
    statistical = vocabulary_numbers("data_release", "statistical")[series] == 1
    revised_on = released_on + draw.between("revised.lag", entity, *REVISION_DAYS)
    revised = statistical & draw.chance("revised", entity, params["release.revised"])
    last = month_end(LAST_MONTH)
    known = released_on <= last
    exchange, assessed = (kind == [code.code for code in KINDS].index(name) for name in ("exchange", "assessment"))
    raised, solved = _problems(entity, params, draw)
    followed_up = exchange & (released_on + FOLLOW_UP <= last)
    return {
        "release_id": np.arange(1, len(series) + 1),
        "series": series,
        "kind": kind,
        "body": positions(vocabulary("data_release", "body"), BODIES).values[series],
        "institution_id": nullable(bank, bank > 0),
        "period_end": month_end(period),
        "scheduled_on": scheduled_on,
        "due_on": due_on,
        "released_on": nullable(released_on, known),
        "lag_days": nullable((released_on - due_on).astype(np.int64), known),
        "revised_on": nullable(revised_on, revised & (revised_on <= last)),
        "shared_with": nullable(_shared(entity, params, draw), assessed & known),
        "problems_raised": nullable(raised, exchange & known),
        "followed_up_on": nullable(released_on + FOLLOW_UP, followed_up),
        "problems_solved": nullable(solved, followed_up),
    }


def _first_periods():
    """Month number of each series' first period."""
    pairs = [text.split("-") for text in vocabulary("data_release", "first_period")]
    return np.array([int(year) * 12 + int(month) - 1 for year, month in pairs])


def _schedule(params):
    """(series, month of the period, bank or 0) of all that is due in the window, by due date."""
    steps = [STEPS[name] for name in vocabulary("data_release", "recurs")]
    lags = vocabulary_numbers("data_release", "lag_days").astype(np.int64)
    assessment = vocabulary("data_release", "kind").index("assessment")
    banks = {i: _assessed(params) if i == assessment else np.zeros(1, np.int64) for i in range(len(steps))}
    found = []
    for i, (first, step) in enumerate(zip(_first_periods(), steps, strict=True)):
        periods = np.arange(first, LAST_MONTH + 1, step)
        periods = periods[next_weekday(month_end(periods) + lags[i]) <= month_end(LAST_MONTH)]
        period, bank = (axis.reshape(-1) for axis in np.meshgrid(periods, banks[i], indexing="ij"))
        found.append((np.full(len(period), i), period, bank))
    series, period, bank = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((bank, series, month_end(period) + lags[series]))
    return series[order], period[order], bank[order]


def _assessed(params):
    """Numbers of the banks that are assessed: the largest by their share of medium and small borrowers."""
    banks = vocabulary("institution", "kind").count("bank")
    share = sum(vocabulary_numbers("institution", f"weight_{size}")[:banks] for size in ("medium", "small"))
    return np.sort(np.argsort(-share, kind="stable")[: int(params["release.assessed_banks"])]) + 1


def _problems(entity, params, draw):
    """(raised, solved within 60 days) of an exchange."""
    raised = 1 + draw.below("raised", entity, int(params["release.problems_most"]))
    share = params["release.problems_solved"] * (0.8 + 0.4 * draw.uniform("solved", entity))
    return raised, np.minimum(np.floor(raised * share + 0.5).astype(np.int64), raised)


def _shared(entity, params, draw):
    most = int(params["release.shared_with_most"])
    alone = draw.chance("alone", entity, params["release.not_shared"]) | (most < 2)
    return np.where(alone, 1, 2 + draw.below("shared", entity, max(most - 1, 1)))
