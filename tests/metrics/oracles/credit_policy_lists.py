"""Oracle of measure 2, first part: what banks did with the firms and projects on the lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from metrics.oracles.credit_policy_tools import City, Row, by, percent

STEPS = ("contacted", "examined", "approved", "drawn")
LISTS = ("tech_firm", "key_project")


def begun(application: Row) -> date:
    """The day of the first contact; a request that names none is a contact itself."""
    return application["contacted_on"] or application["applied_on"]


def dated(application: Row) -> dict[str, date | None]:
    """The days of the four steps of an application."""
    return {
        "contacted": begun(application),
        "examined": application["due_diligence_on"],
        "approved": application["decided_on"] if application["decision"] == "approved" else None,
        "drawn": application["drawn_on"],
    }


def attach(city: City) -> list[Row]:
    """Entries pushed to the banks, with the `steps` (step, bank type, day) of requests begun while on the list."""
    entries = [e for e in city.rows("list_entry") if e["list"] in LISTS and e["pushed_on"]]
    firms = list({e["enterprise_id"] for e in entries})
    requests = city.frame("credit_application").filter(pl.col("enterprise_id").is_in(firms)).to_dicts()
    of = by(requests, lambda a: a["enterprise_id"])
    for e in entries:
        project = e["subject"] == "project"
        e["unit"] = (e["subject"], e["project_id"] if project else e["enterprise_id"])
        e["cluster"] = city.enterprises[e["enterprise_id"]]["cluster_id"]
        e["steps"] = [
            (step, city.bank_type.get(a["institution_id"]), day)
            for a in of.get(e["enterprise_id"], [])
            if e["pushed_on"] <= begun(a) and (not e["removed_on"] or begun(a) < e["removed_on"])
            for step, day in dated(a).items()
            if day
        ]
    return entries


def reached(entries: Iterable[Row], quarter: date, bank_type: str | None) -> dict[str, set[object]]:
    """Distinct subjects by step reached by the quarter end, at any bank or at banks of a type."""
    found: dict[str, set[object]] = {step: set() for step in STEPS}
    for e in entries:
        for step, kind, day in e["steps"]:
            if day <= quarter and bank_type in (None, kind):
                found[step].add(e["unit"])
    return found


def report(city: City, quarter: date, cut: tuple[str, object], entries: list[Row], bank_type: str | None) -> None:
    current = [e for e in entries if not e["removed_on"] or e["removed_on"] > quarter]
    listed, ever = {e["unit"] for e in current}, {e["unit"] for e in entries}
    now, all_time = reached(current, quarter, bank_type), reached(entries, quarter, bank_type)

    def shares(metric: str, step: str, base: str | None) -> None:
        done = now[step]
        city.put(metric, quarter, cut, rate=percent(len(done), len(listed)))
        city.put(metric, quarter, cut, rate_ever=percent(len(all_time[step]), len(ever)))
        if base:
            city.put(metric, quarter, cut, **{f"rate_of_{base}": percent(len(done), len(now[base]))})
        city.put(metric, quarter, cut, **{step: float(len(done)), "listed": float(len(listed))})

    shares("list_contact_rate", "contacted", None)
    shares("list_due_diligence_rate", "examined", "contacted")
    shares("list_credit_rate", "approved", "contacted")
    shares("list_drawn_rate", "drawn", "approved")


def lists(city: City) -> None:
    entries = attach(city)
    for quarter in city.quarters:
        listed = [e for e in entries if e["pushed_on"] <= quarter]
        report(city, quarter, ("total", "total"), listed, None)
        for cut, key in (("list", "list"), ("cluster", "cluster")):
            for value, part in by(listed, lambda e, key=key: e[key]).items():
                report(city, quarter, (cut, value), part, None)
        for kind in sorted(set(city.bank_type.values())) if listed else []:
            report(city, quarter, ("bank_type", kind), listed, kind)
