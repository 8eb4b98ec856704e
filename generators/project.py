"""Key technology projects and equipment-renewal projects of firms: investment, dates, and what banks finance."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    code_list,
    day_in_month,
    month_end,
    nullable,
    quantiles,
    round_significant,
    vocabulary_numbers,
)

TABLE = Table(
    zh="重点项目与设备更新项目",
    en="Key projects and equipment-renewal projects",
    key=("project_id",),
    needs=("firm_state", "firm_month", "firm_profile"),
    grows="enterprise",
    per_firm=0.005,
    row_bytes=132.0,
    measures=(1, 2, 7),
    event_on="approved_on",
    known_on="approved_on",
    rows_by="2027-12-31",
    columns=(
        Column("project_id", "key", "项目编号", "Project"),
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("kind", "code", "项目类别", "Kind", values=code_list("project_kind")),
        Column(
            "cluster_id",
            "key",
            "产业集群编号",
            "Cluster, of the list in force at approval",
            nullable=True,
            references="cluster.cluster_id",
        ),
        Column("investment", "money", "总投资", "Investment", unit="CNY", low=0, privacy="sensitive"),
        Column("equipment_share", "rate", "设备购置占比", "Share spent on equipment", unit="%", low=0, high=100),
        Column("financed_share", "rate", "拟贷款融资占比", "Share to be financed by banks", unit="%", low=0, high=100),
        Column("approved_on", "date", "立项日期", "Approved", low_on="2021-01-01", high_on="2027-12-31"),
        Column("started_on", "date", "开工日期", "Started", nullable=True, known_on="started_on"),
        Column("due_on", "date", "计划完成日期", "Planned completion", high_on="2033-12-31"),
        Column(
            "completed_on",
            "date",
            "完成日期",
            "Completed",
            nullable=True,
            known_on="completed_on",
            high_on="2027-12-31",
        ),
    ),
)

FIRST_PATH_YEAR, FIRST_MONTH = 2015, 2016 * 12
FIRST_APPROVAL, RENEWAL_FROM, SECOND_RENEWAL = (
    2021 * 12,
    2022 * 12 + 8,
    2024 * 12 + 4,
)  # programmes of 2022-09 and 2024-05
CLUSTERS_OF_2024 = 2024 * 12 + 2  # from this month the second list is in force
END, NEVER_DAY = 2028 * 12, 1 << 30
OTHER, OUT = 3, 1
MEDIUM = 1  # position of the size
KEY, RENEWAL = 0, 1
SHARE_OF_REVENUE = ((0.10, 0.70), (0.02, 0.13))  # prior: lowest and span of investment over revenue, by kind
LEAST = (5e6, 1e6)  # yuan
MONTHS = ((12, 37), (6, 19))  # prior: shortest and span of the planned time, by kind
BANKS = ((30, 40), (45, 35))  # prior: percent financed by banks, lowest and span
EQUIPMENT = ((20, 45), (70, 30))  # prior: percent spent on equipment


def rows(block, needs, params, draw):
    """One row a project; `_row` is its firm's row, `_renewing` (firms, months): is a renewal in work all that month?"""
    state, paths, profile = needs["firm_state"], needs["firm_month"], needs["firm_profile"]
    row, kind, ordinal = _projects(block, state, paths, params, draw)
    firm = state["firm"][row]
    number = firm << 2 | kind << 1 | ordinal
    month = _months(number, kind, draw)
    # A firm has a project from its third year on, while it is on the register.
    keep = (month >= state["founded_month"][row] + 24) & (month + 6 < paths["exit_month"][row])
    row, kind, firm, number, month = (column[keep] for column in (row, kind, firm, number, month))
    base, span = np.array(SHARE_OF_REVENUE)[kind].T
    share = base + span * draw.uniform("investment", number) * draw.quantile(
        "scope", number, quantiles("lognormal_0.5")
    )
    yuan = np.maximum(paths["revenue"][row, month // 12 - FIRST_PATH_YEAR] * share, np.array(LEAST)[kind])
    cluster = np.where(month >= CLUSTERS_OF_2024, profile["cluster_2024"][row], profile["cluster_2022"][row])
    starts = month + draw.below("start_lag", number, 9)
    shortest, longer = np.array(MONTHS)[kind].T
    due = starts + shortest + draw.below("planned", number, longer)
    done = due + draw.between("late", number, -2, 8)
    day = draw.uniform("day", number)
    runs = (starts < END) & (starts < paths["exit_month"][row])
    ends = runs & (done < END) & (done < paths["exit_month"][row])
    return {
        "project_id": number,
        "enterprise_id": firm,
        "kind": kind,
        "cluster_id": nullable(cluster, cluster > 0),
        "investment": round_significant((yuan * 100).astype(np.int64), 2, draw.uniform("round", number)),
        "equipment_share": _percent("equipment", EQUIPMENT, kind, number, draw),
        "financed_share": _percent("financed", BANKS, kind, number, draw),
        "approved_on": day_in_month(month, day),
        # A project that starts in its month of approval does so at the month's end.
        "started_on": nullable(np.where(starts > month, day_in_month(starts, day), month_end(month)), runs),
        "due_on": month_end(due),
        "completed_on": nullable(day_in_month(done, day), ends),
        "_row": row,
        "_month": month,
        "_done": np.where(ends, done, NEVER_DAY),
        "_renewing": _in_work(block.count, row, kind == RENEWAL, month, np.where(ends, done, END)),
    }


def _in_work(count, row, some, month, done):
    """(firms, months): from the month after approval to the one before completion of any of these projects."""
    change = np.zeros((count, END - FIRST_MONTH + 1), np.int8)
    lasts = some & (done > month + 1)
    np.add.at(change, (row[lasts], month[lasts] + 1 - FIRST_MONTH), 1)
    np.add.at(change, (row[lasts], done[lasts] - FIRST_MONTH), -1)
    return np.cumsum(change, axis=1, dtype=np.int8)[:, :-1] > 0


def _projects(block, state, paths, params, draw):
    """(firm row, kind, ordinal) of the projects of the block; at every scale the first block has one of each kind."""
    inside = state["kind"] != OUT
    making = vocabulary_numbers("industry", "manufacturing")[state["industry"]] == 1
    tech = inside & (state["kind"] < OTHER)
    by_size = (
        (tech, [params["project.key_large"], params["project.key_medium"], params["project.key_small"], 0.0]),
        (
            inside & making,
            [params["project.renewal_large"], params["project.renewal_medium"], params["project.renewal_small"], 0.0],
        ),
    )
    found = []
    for kind, (fit, chances) in enumerate(by_size):
        chance = np.where(fit, np.array(chances)[state["size"]], 0.0) * params["project.level"]
        has = draw.chance(f"kind_{kind}", state["firm"], chance)
        if block.index == 0:
            # The first larger firm that was there early and stays: the same at every scale, as its loans follow.
            old = fit & (state["founded_month"] < FIRST_APPROVAL - 24) & (paths["exit_month"] >= END + 8)
            has[np.argmax(old & (state["size"] <= MEDIUM))] = True
        row = np.flatnonzero(has)
        more = row[draw.chance(f"second_{kind}", state["firm"][row], params["project.second"])]
        found.append((row, np.full(len(row), kind), np.zeros(len(row), np.int64)))
        found.append((more, np.full(len(more), kind), np.ones(len(more), np.int64)))
    row, kind, ordinal = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((ordinal, kind, row))
    return row[order], kind[order], ordinal[order]


def _months(number, kind, draw):
    """Month of approval: key projects evenly over 2021-2027; renewals in a short first wave and, most of them early,
    after 2024-05."""
    key = FIRST_APPROVAL + draw.below("key_month", number, END - FIRST_APPROVAL)
    first = RENEWAL_FROM + draw.below("first_wave", number, 6)
    u = draw.uniform("second_wave", number)
    second = SECOND_RENEWAL + (u * u * (END - SECOND_RENEWAL)).astype(np.int64)
    renewal = np.where(draw.chance("early", number, 0.25), first, second)
    return np.where(kind == KEY, key, renewal)


def _percent(purpose, table, kind, number, draw):
    """Whole percents between the bounds of the kind, as a rate."""
    low, span = np.array(table)[kind].T
    return (low + draw.below(purpose, number, span + 1)) * 100000
