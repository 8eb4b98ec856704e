"""Firms and projects on lists: reserved, screened, declared, recommended, pushed to the banks, removed and why.

Five lists: relending (fitting tech firms, and equipment-renewal projects), key projects, the SME coordination
mechanism (its first step is the visit), tech firms, and the monthly seed-loan list. Whoever is to be reserved has a
month drawn for it, and is reserved if it fits the list's rule in that month, so eligibility is dated.
"""

import numpy as np

from sfbench.kit import (
    ChoiceByRow,
    Column,
    Table,
    calibration_numbers,
    code_list,
    day_in_month,
    month_end,
    month_of,
    nullable,
)

TABLE = Table(
    zh="名单条目",
    en="Entries of lists",
    key=("entry_id",),
    needs=("firm_state", "firm_month", "firm_demand", "tag_month", "project"),
    grows="enterprise",
    per_firm=0.59,
    row_bytes=10.0,
    measures=(1, 2, 8, 11),
    event_on="reserved_on",
    known_on="reserved_on",
    rows_by="2025-12-31",
    columns=(
        Column("entry_id", "key", "条目编号", "Entry"),
        Column("list", "code", "名单类别", "List", values=code_list("list_kind")),
        Column("level", "code", "名单级别", "Level that keeps the list", values=code_list("list_level")),
        Column("batch", "count", "批次", "Batch: year and month", low=202201, high=202712),
        Column("subject", "code", "主体类别", "Kind of subject", values=code_list("list_subject")),
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("project_id", "key", "项目编号", "Project", nullable=True, references="project.project_id"),
        Column(
            "reserved_on", "date", "储备(走访)日期", "Reserved, or visited", low_on="2022-01-01", high_on="2027-12-31"
        ),
        Column("screened_on", "date", "筛选通过日期", "Passed the screening", nullable=True, known_on="screened_on"),
        Column("declared_on", "date", "申报日期", "Declared", nullable=True, known_on="declared_on"),
        Column("recommended_on", "date", "推荐日期", "Recommended", nullable=True, known_on="recommended_on"),
        Column("pushed_on", "date", "推送日期", "Pushed to the banks", nullable=True, known_on="pushed_on"),
        Column("removed_on", "date", "移出日期", "Removed", nullable=True, known_on="removed_on", high_on="2027-12-31"),
        Column(
            "removal_reason",
            "code",
            "移出原因",
            "Why it was removed",
            values=code_list("removal_reason"),
            nullable=True,
            known_on="removed_on",
        ),
    ),
)

FIRST_MONTH, FIRST_PATH_YEAR = 2016 * 12, 2015
WINDOW, END = 2022 * 12, 2028 * 12
NEVER, NO_DAY = 1 << 40, 1 << 30
TECH, OUT = 0, 1
SMALL = 2
RELENDING, KEY_PROJECT, COORDINATION, TECH_FIRM, SEED = range(5)
COMPLETED, EXPIRED, UNFIT, DISSOLVED, WITHDRAWN = range(5)
KEY, RENEWAL = 0, 1
STEPS = ("screened", "declared", "recommended", "pushed")
# First and last month of a list's programme (see the action plan and facts.csv: relend_2022, relend_2024, relend_2026).
BEFORE, AFTER = (2022 * 12 + 3, 2024 * 12 + 2), (2024 * 12 + 5, END - 1)
# Of 1,200 cities with 350 firms 29 had no loan under relending, of 800 with 714 two, of 600 with 1,429 none: in a city
# of FEW firms some are SURE to be listed: those who can borrow while an early entry lasts and lots for tags are open.
FEW, SURE, LENT = 1400, 6, (2025 * 12 + 4, 2027 * 12 + 2)
HIGH_RD_FROM, JULY = 2026 * 12, 6
FIRST_VISITS, LATER_VISITS = (2024 * 12 + 9, 2025 * 12 + 2), (2025 * 12 + 3, END - 1)
SEED_SPAN, SEED_AGE = (2024 * 12 + 8, END - 1), 96  # months
TAGS = [code.code for code in code_list("tag")]
IN_SCOPE = 1
TECH_SME = 4 << TAGS.index("TECH_SME")
LISTED_BEFORE = sum(4 << TAGS.index(tag) for tag in ("HNTE", "SRDI", "LITTLE_GIANT", "CHAMPION", "DEMONSTRATION"))


def rows(block, needs, params, draw):
    """One row a subject and list; `_row` is its firm's row; by firm `_pushed_from` (coordination and seed) and
    `_seed_from`: the month of the first push, NEVER if none."""
    world = {**needs["firm_state"], **needs["firm_month"], "held": needs["tag_month"]["held"]}
    world["reference_size"] = needs["firm_state"]["size"]
    relending = _relending(world, params, draw)
    if block.index == 0 and params["population.firms"] * params.scale < FEW:
        relending = _with_the_sure(relending, world, needs["firm_demand"]["wanted"])
    parts = [*relending, _projects(needs["project"], RENEWAL, RELENDING)]
    parts += [_projects(needs["project"], KEY, KEY_PROJECT), *_coordination(world, params, draw)]
    parts += [_tech_firms(world, params, draw), _seeds(world, params, draw)]
    entry = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    keep = (entry["month"] >= WINDOW) & (entry["month"] < END)
    keep &= (entry["month"] > world["founded_month"][entry["row"]]) & (
        entry["month"] + 4 < world["exit_month"][entry["row"]]
    )
    number = world["firm"][entry["row"]] << 5 | entry["list"] << 2 | entry["ordinal"]
    order = np.flatnonzero(keep)
    order = order[np.argsort(number[order])]
    number, entry = number[order], {name: column[order] for name, column in entry.items()}
    days = _steps(number, entry, world, params, draw)
    removed_on, reason = _removed(number, entry, days, world, params, draw)
    for step in STEPS:  # nothing is done for who is no longer on the list
        days[step] = np.where(days[step] < removed_on, days[step], NO_DAY)
    month, project = entry["month"], entry["project"]
    return {
        "entry_id": number,
        "list": entry["list"],
        "level": _levels().at(entry["list"], draw.uniform("level", number)),
        "batch": month // 12 * 100 + month % 12 + 1,
        "subject": (project > 0).astype(np.int64),
        "enterprise_id": world["firm"][entry["row"]],
        "project_id": nullable(project, project > 0),
        "reserved_on": days["reserved"],
        **{f"{step}_on": _dated(days[step]) for step in STEPS},
        "removed_on": _dated(removed_on),
        "removal_reason": nullable(reason, removed_on <= LAST_DAY),
        "_pushed_from": _first_push(block, entry, days, (COORDINATION, SEED)),
        "_seed_from": _first_push(block, entry, days, (SEED,)),
        "_row": entry["row"],
    }


LAST_DAY = int(month_end(END - 1))


def _dated(day):
    seen = day <= LAST_DAY
    return nullable(np.where(seen, day, 0), seen)


def _entries(row, which, month, ordinal=0, project=None, term_end=None, sure=False):
    count = len(row)
    return {
        "row": row,
        "list": np.full(count, which),
        "month": month,
        "ordinal": np.broadcast_to(np.asarray(ordinal, np.int64), (count,)),
        "project": np.zeros(count, np.int64) if project is None else project,
        "done": np.full(count, NEVER) if term_end is None else term_end,
        "sure": np.full(count, sure),
    }


def _wish(purpose, row, share, span, world, draw):
    """(rows, months): who is considered for a list, and in which month of the programme."""
    row = row[draw.chance(purpose, world["firm"][row], share)]
    return row, draw.between(f"{purpose}_month", world["firm"][row], *span)


def _held(world, row, month):
    return world["held"][row, month - FIRST_MONTH]


def _relending(world, params, draw):
    """Tagged firms until 2024-03; then tech SMEs, and from 2026 small and medium firms with high R&D too."""
    city = np.flatnonzero(world["kind"] == TECH)
    row, month = _wish("relending_before", city, params["list.relending_before"], BEFORE, world, draw)
    fit = _held(world, row, month) & LISTED_BEFORE > 0
    before = _entries(row[fit], RELENDING, month[fit], 0)
    row, month = _wish("relending_after", city, params["list.relending_after"], AFTER, world, draw)
    last_year = (month - JULY) // 12 - 1 - FIRST_PATH_YEAR  # annual reports are filed until June
    spends = world["rd_ratio"][row, last_year] >= params["list.rd_high"]
    spends &= (world["size"][row, last_year] > 0) & (world["revenue"][row, last_year] > 0)
    fit = (_held(world, row, month) & TECH_SME > 0) | (spends & (month >= HIGH_RD_FROM))
    return [before, _entries(row[fit], RELENDING, month[fit], 1)]


def _with_the_sure(relending, world, wanted):
    """Entries of both programmes, and of those that want most credit while they hold a tag: listed before all else, and
    so for the whole term."""
    tags = world["held"]
    able = (world["kind"] == TECH) & (world["exit_month"] > LENT[1] + 5)
    able &= tags[:, BEFORE[1] - FIRST_MONTH] & LISTED_BEFORE > 0
    able &= (tags[:, LENT[0] - FIRST_MONTH : LENT[1] - FIRST_MONTH] & IN_SCOPE).all(axis=1)
    before, after = relending
    able = np.flatnonzero(able)
    row = able[np.argsort(-wanted[able, LENT[0] - FIRST_MONTH], kind="stable")[:SURE]]
    others = ~np.isin(before["row"], row)
    before = {name: column[others] for name, column in before.items()}
    return [before, after, _entries(row, RELENDING, np.full(len(row), BEFORE[1]), 0, sure=True)]


def _projects(project, kind, which):
    """Projects of a kind are reserved in the month after their approval; they leave the list when complete."""
    mine = np.flatnonzero(project["kind"] == kind)
    number = project["project_id"][mine]
    return _entries(
        project["_row"][mine], which, project["_month"][mine] + 1, 2 + number % 2, number, project["_done"][mine]
    )


def _coordination(world, params, draw):
    """Small and micro firms of the city are visited: most in the first half-year, others later."""
    row = np.flatnonzero((world["kind"] != OUT) & (world["reference_size"] >= SMALL))
    row = row[world["exit_month"][row] > FIRST_VISITS[0]]
    turn = draw.uniform("visited", world["firm"][row])
    first, later = params["list.visited_first"], params["list.visited_later"]
    groups = ((turn < first, FIRST_VISITS), ((turn >= first) & (turn < first + later), LATER_VISITS))
    for number, (chosen, span) in enumerate(groups):
        mine = row[chosen]
        yield _entries(mine, COORDINATION, draw.between(f"visit_{number}", world["firm"][mine], *span))


def _tech_firms(world, params, draw):
    """Firms that hold a tag in scope; lists come out at quarter ends."""
    city = np.flatnonzero(world["kind"] == TECH)
    row, month = _wish("tech_firm", city, params["list.tech_firm"], (WINDOW, END - 1), world, draw)
    month = month // 3 * 3 + 2
    fit = _held(world, row, month) & IN_SCOPE > 0
    return _entries(row[fit], TECH_FIRM, month[fit])


def _seeds(world, params, draw):
    """Young small firms without any tag."""
    city = np.flatnonzero((world["kind"] == TECH) & (world["reference_size"] >= SMALL))
    row, month = _wish("seed", city, params["list.seed"], SEED_SPAN, world, draw)
    fit = (_held(world, row, month) == 0) & (month - world["founded_month"][row] <= SEED_AGE)
    return _entries(row[fit], SEED, month[fit])


def _levels():
    return ChoiceByRow.of(
        np.stack([calibration_numbers("list_funnel", code.code) for code in code_list("list_level")], 1)
    )


def _steps(number, entry, world, params, draw):
    """Day of each step, NO_DAY if it is not taken; a step without a number is skipped, not failed."""
    month, row = entry["month"], entry["row"]
    reserved = day_in_month(month, draw.uniform("reserved", number)).astype(np.int64)
    lag = calibration_numbers("list_funnel", "lag").astype(np.int64)[entry["list"]]
    passes = params["list.quality_screened"] * world["quality"][row]
    passes = passes - params["list.distress_screened"] * world["distress"][row, month - FIRST_MONTH]
    days, on, reached = {"reserved": reserved}, np.ones(len(number), bool), reserved
    for step in STEPS:
        share = calibration_numbers("list_funnel", step)[entry["list"]]
        skipped = np.isnan(share)
        chance = np.where(skipped, 1.0, share) + (passes if step == "screened" else 0.0)
        on = on & (draw.chance(step, number, chance) | entry["sure"])
        reached = np.where(skipped, reached, reached + draw.between(f"{step}_lag", number, 1, lag))
        days[step] = np.where(on & ~skipped, reached, NO_DAY)
    return days


def _removed(number, entry, days, world, params, draw):
    """(day, reason): the firm leaves the register, the project is complete, the term ends, or it ends early."""
    month, project = entry["month"], entry["project"] > 0
    term = calibration_numbers("list_funnel", "term").astype(np.int64)[entry["list"]]
    expires = np.where(term > 0, month + term, NEVER)
    turn = np.where(entry["sure"], 1.0, draw.uniform("early", number))
    early = month + 5 + draw.below("early_month", number, 18)
    unfit, gone = params["list.unfit"], params["list.unfit"] + params["list.withdrawn"]
    causes = (
        (DISSOLVED, world["exit_month"][entry["row"]]),
        (COMPLETED, np.where(project, entry["done"], NEVER)),
        (EXPIRED, expires),
        (UNFIT, np.where(turn < unfit, early, NEVER)),
        (WITHDRAWN, np.where((turn >= unfit) & (turn < gone), early, NEVER)),
    )
    when, reason = np.full(len(number), NEVER), np.full(len(number), EXPIRED)
    for cause, at in causes:
        sooner = at < when
        when, reason = np.where(sooner, at, when), np.where(sooner, cause, reason)
    failed = days["screened"] == NO_DAY
    day = np.where(when < END, month_end(np.minimum(when, END)), NO_DAY)
    # Who does not pass the screening is taken off at once.
    out = days["reserved"] + draw.between("failed", number, 5, 40)
    return np.where(failed, out, day), np.where(failed, UNFIT, reason)


def _first_push(block, entry, days, lists):
    first = np.full(block.count, NEVER)
    pushed = np.flatnonzero(np.isin(entry["list"], lists) & (days["pushed"] <= LAST_DAY))
    np.minimum.at(first, entry["row"][pushed], month_of(days["pushed"][pushed]).astype(np.int64))
    return first
