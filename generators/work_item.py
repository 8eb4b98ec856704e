"""Tasks of the action plan, and earlier work on the same subjects: who leads, who joins in, due and done."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    code_list,
    codes,
    month_end,
    month_start,
    nullable,
    positions,
    take,
    texts,
    vocabulary,
    vocabulary_numbers,
)

BODIES = code_list("public_body")
RECURS = codes(
    "once 一次性 Once", "year 每年 Yearly", "half 每半年 Half-yearly", "quarter 每季 Quarterly", "month 每月 Monthly"
)
TABLE = Table(
    zh="工作任务清单",
    en="Tasks of the action plan",
    stage="prelude",
    fixed_rows=468,
    row_bytes=32,
    key=("work_item_id",),
    measures=(16, 17),
    event_on="assigned_on",
    known_on="assigned_on",
    rows_by="2022-03-31",
    columns=(
        Column("work_item_id", "key", "任务编号", "Task in a period"),
        Column("task_id", "key", "工作事项编号", "Task, the same in all periods"),
        Column("measure", "count", "所属举措", "Measure of the action plan", low=1, high=19),
        Column("title_zh", "text", "任务名称", "Title in Chinese"),
        Column("title_en", "text", "英文任务名称", "Title in English"),
        Column("plan_phase", "code", "方案阶段", "Phase of the action plan", values=code_list("plan_phase")),
        Column("recurs", "code", "周期", "Recurs", values=RECURS),
        Column("lead_body", "code", "牵头部门", "Leading body", values=BODIES),
        Column("joint_bodies", "text", "配合部门", "Joint bodies, codes joined by |", nullable=True),
        Column("bodies", "count", "部门数", "Bodies that take part", low=1, high=len(BODIES)),
        Column("assigned_on", "date", "下达日期", "Assigned on", low_on="2022-01-01"),
        Column("due_on", "date", "应完成日期", "Due on", low_on="2022-01-01", high_on="2027-12-31"),
        Column("started_on", "date", "启动日期", "Started on", nullable=True, known_on="started_on"),
        Column("done_on", "date", "完成日期", "Done on", nullable=True, known_on="done_on"),
    ),
)

STEPS = {"once": 1200, "year": 12, "half": 6, "quarter": 3, "month": 1}  # months between two due dates
PLAN_STARTS = 2025 * 12 + 2
LAST_MONTH = 2027 * 12 + 11


def rows(block, needs, params, draw):
    """One row a task and period, by due date."""
    task, due = _periods()
    ordinal = due  # the period names the draw: a new task moves no other
    number = vocabulary_numbers("work_item", "task_id").astype(np.int64)[task]
    joint = vocabulary("work_item", "joint")
    bodies = np.array([1 + len(text.split("|")) if text else 1 for text in joint])[task]
    allowed = vocabulary_numbers("work_item", "months_allowed").astype(np.int64)[task]
    due_on = month_end(due)
    assigned_on = month_start(due - allowed + 1) + draw.below("assigned", number, 10, ordinal)
    half = (due_on - assigned_on) // 2
    started_on = assigned_on + 1 + draw.below("started", number, half, ordinal)
    delay = params.at("work.delay_per_body", number, due) * (bodies - 1)
    on_time = draw.chance("on_time", number, params.at("work.on_time", number, due) - delay, ordinal)
    early = draw.below("early", number, half, ordinal)
    late = 1 + draw.below("late", number, int(params["work.overdue_days"]), ordinal)
    done_on = due_on + np.where(on_time, -early, late)
    dropped = ~on_time & draw.chance("dropped", number, params["work.never_done"], ordinal)
    last = month_end(LAST_MONTH)
    return {
        "work_item_id": np.arange(1, len(task) + 1),
        "task_id": number,
        "measure": vocabulary_numbers("work_item", "measure").astype(np.int64)[task],
        **{name: take(texts(vocabulary("work_item", name)), task) for name in ("title_zh", "title_en")},
        "plan_phase": (due >= PLAN_STARTS).astype(np.int64),
        "recurs": positions(vocabulary("work_item", "recurs"), RECURS).values[task],
        "lead_body": positions(vocabulary("work_item", "lead"), BODIES).values[task],
        "joint_bodies": nullable(take(texts(joint), task), np.array([bool(text) for text in joint])[task]),
        "bodies": bodies,
        "assigned_on": assigned_on,
        "due_on": due_on,
        "started_on": nullable(started_on, started_on <= last),
        "done_on": nullable(done_on, ~dropped & (done_on <= last)),
    }


def _periods():
    """(row of the task, month in which it is due), by month."""
    firsts = [text.split("-") for text in vocabulary("work_item", "first_due")]
    starts = [int(year) * 12 + int(month) - 1 for year, month in firsts]
    steps = [STEPS[name] for name in vocabulary("work_item", "recurs")]
    dues = [np.arange(start, LAST_MONTH + 1, step) for start, step in zip(starts, steps, strict=True)]
    task, due = np.repeat(np.arange(len(dues)), [len(months) for months in dues]), np.concatenate(dues)
    order = np.lexsort((task, due))
    return task[order], due[order]
