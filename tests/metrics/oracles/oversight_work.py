"""Measures 16 to 18: tasks, releases, assessment results, exchanges, outreach, practices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from .oversight_kit import Data, Found, ratio

Row = dict[str, Any]


def within(day: date | None, span: tuple[date, date]) -> bool:
    """Whether a day is known and lies in a period, both ends included."""
    return day is not None and span[0] <= day <= span[1]


def until(day: date | None, last: date) -> bool:
    """Whether a day is known and not after another."""
    return day is not None and day <= last


def tasks(data: Data, found: Found) -> None:
    """task_completion_rate and joint_action_count."""
    items = data.rows("work_item")
    for span in data.quarters:
        _completion(items, span, "total", "total", found)
        for cut, column in (("measure", "measure"), ("body", "lead_body")):
            for value in {item[column] for item in items}:
                _completion([item for item in items if item[column] == value], span, cut, value, found)
        done = [item for item in items if within(item["done_on"], span)]
        joint = [item for item in done if item["bodies"] >= 2]
        found.put(
            "joint_action_count",
            span[1],
            "total",
            "total",
            joint_actions=len(joint),
            joint_tasks=len({item["task_id"] for item in joint}),
            joint_share=ratio(len(joint), len(done)),
        )


def _completion(items: Iterable[Row], span: tuple[date, date], cut: str, value: object, found: Found) -> None:
    items = list(items)
    due = [item for item in items if within(item["due_on"], span)]
    in_time = [item for item in due if until(item["done_on"], item["due_on"])]
    by_the_end = [item for item in due if until(item["done_on"], span[1])]
    open_ = [item for item in items if item["due_on"] <= span[1] and not until(item["done_on"], span[1])]
    if cut == "total" or due or open_:
        found.put(
            "task_completion_rate",
            span[1],
            cut,
            value,
            on_time_rate=ratio(len(in_time), len(due)),
            done_rate=ratio(len(by_the_end), len(due)),
            tasks_due=len(due),
            tasks_on_time=len(in_time),
            overdue_open=len(open_),
        )


def releases(data: Data, found: Found) -> None:
    """release_timeliness."""
    everything = data.rows("data_release")
    published = [row for row in everything if row["kind"] in ("publication", "bulletin")]
    for span in data.quarters:
        due_all = [row for row in everything if within(row["due_on"], span)]
        due = [row for row in published if within(row["due_on"], span)]
        in_time = sum(until(row["released_on"], row["due_on"]) for row in due)
        found.put(
            "release_timeliness",
            span[1],
            "total",
            "total",
            on_time_rate=ratio(in_time, len(due)),
            on_time_rate_all=ratio(sum(until(r["released_on"], r["due_on"]) for r in due_all), len(due_all)),
            releases_due=len(due),
            releases_late=len(due) - in_time,
            revisions=sum(within(row["revised_on"], span) for row in published),
        )


def results(data: Data, found: Found) -> None:
    """result_sharing_rate."""
    rows = [row for row in data.rows("data_release") if row["kind"] == "assessment" and row["released_on"]]
    rows.sort(key=lambda row: (row["released_on"], row["release_id"]))
    for span in data.years:
        last = {row["institution_id"]: row["shared_with"] or 0 for row in rows if within(row["released_on"], span)}
        shared = sum(authorities >= 2 for authorities in last.values())
        found.put(
            "result_sharing_rate",
            span[1],
            "total",
            "total",
            sharing_rate=ratio(shared, len(last)),
            assessed=len(last),
            shared=shared,
            authorities_mean=ratio(sum(last.values()), len(last), 1),
        )


def exchanges(data: Data, found: Found) -> None:
    """info_exchange_count."""
    rows = [row for row in data.rows("data_release") if row["kind"] == "exchange"]
    for span in data.quarters:
        held = [row for row in rows if within(row["released_on"], span)]
        followed = [row for row in held if row["followed_up_on"]]
        solved = sum(row["problems_solved"] or 0 for row in followed)
        found.put(
            "info_exchange_count",
            span[1],
            "total",
            "total",
            exchanges=len(held),
            problems_raised=sum(row["problems_raised"] or 0 for row in held),
            problems_solved=solved,
            solved_rate=ratio(solved, sum(row["problems_raised"] or 0 for row in followed)),
        )


def outreach(data: Data, found: Found) -> None:
    """outreach_reach."""
    events = data.rows("outreach")
    districts = data.frame("district").get_column("district_id").to_list()
    columns = ["district_id", "in_city", "founded_on", "dissolved_on"]
    firms = [row for row in data.frame("enterprise").select(columns).iter_rows() if row[1]]
    for span in data.quarters:
        held = [row for row in events if within(row["held_on"], span)]
        alive = [row[0] for row in firms if row[2] <= span[1] and not until(row[3], span[1])]
        _reach(held, len(alive), span[1], "total", "total", found)
        for district in districts:
            at = [row for row in held if row["district_id"] == district]
            _reach(at, alive.count(district), span[1], "district", district, found)
        for channel in ("offline", "online"):
            by = [row for row in held if row["channel"] == channel]
            _reach(by, len(alive), span[1], "channel", channel, found)


def _reach(held: list[Row], firms: int, period: date, cut: str, value: object, found: Found) -> None:
    reached = sum(row["firms_reached"] for row in held)
    first = sum(row["firms_first_reached"] for row in held)
    found.put(
        "outreach_reach",
        period,
        cut,
        value,
        reach_rate=ratio(reached, firms),
        first_reach_rate=ratio(first, firms),
        firms_reached=reached,
        firms_first_reached=first,
        matches=sum(row["matches"] for row in held),
        events=len(held),
    )


def practices(data: Data, found: Found) -> None:
    """practice_replication."""
    rows = data.rows("practice")
    for span in data.years:
        ever = sum(until(row["published_on"], span[1]) for row in rows)
        found.put(
            "practice_replication",
            span[1],
            "total",
            "total",
            published=sum(within(row["published_on"], span) for row in rows),
            adopted=sum(within(row["adopted_on"], span) for row in rows),
            adoption_rate=ratio(sum(until(row["adopted_on"], span[1]) for row in rows), ever),
        )
