"""Measure 19: alerts against defaults, reports and containment of incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from statistics import median

import polars as pl

from .oversight_kit import Data, Found, number, quantile, ratio

Pair = tuple[int, int]
Alert = tuple[Pair, str, int]  # pair, rule, month
Event = tuple[Pair, int]  # pair, month


def alerts(data: Data, found: Found) -> None:
    """alert_precision_recall."""
    bad = _bad_months(data)
    entries = [
        (pair, t)
        for pair, months in bad.items()
        for t in sorted(months)
        if t - 1 in set(data.months) and t - 1 not in months
    ]
    columns = ["enterprise_id", "institution_id", "rule", "raised_on"]
    raised = [((e, b), rule, number(day)) for e, b, rule, day in data.frame("risk_alert").select(columns).iter_rows()]
    for first, last in data.years:
        span = range(number(first), number(last) + 1)
        mature = number(last) + 12 in data.months
        judged = [a for a in raised if a[2] in span and a[2] - 1 not in bad.get(a[0], ())]
        defaults = [event for event in entries if event[1] in span]
        if not mature:
            judged = []

        def put(
            cut: str,
            value: object,
            of_alert: Callable[[Alert], bool],
            of_event: Callable[[Event], bool],
            period: date = last,
            judged: list[Alert] = judged,
            defaults: list[Event] = defaults,
            mature: bool = mature,
        ) -> None:
            _judge(
                found,
                period,
                (cut, value),
                [a for a in judged if of_alert(a)],
                [e for e in defaults if of_event(e)],
                [a for a in raised if of_alert(a)],
                entries,
                mature,
            )

        put("total", "total", lambda a: True, lambda e: True)
        for bank in {a[0][1] for a in judged} | {e[0][1] for e in defaults}:
            put("bank", bank, lambda a, b=bank: a[0][1] == b, lambda e, b=bank: e[0][1] == b)
        for rule in {a[1] for a in raised}:
            mine = [a for a in raised if a[1] == rule]
            if any(a[1] == rule for a in judged) or _warned(defaults, mine):
                put("rule", rule, lambda a, r=rule: a[1] == r, lambda e: True)


def _bad_months(data: Data) -> dict[Pair, set[int]]:
    found: dict[Pair, set[int]] = defaultdict(set)
    bad = data.notes.filter(pl.col("bad")).select("enterprise_id", "institution_id", "t").unique()
    for enterprise, bank, t in bad.iter_rows():
        found[enterprise, bank].add(t)
    return found


def _warned(defaults: list[Event], raised: list[Alert]) -> list[int]:
    """Lead times in months of the defaults to which an alert belongs."""
    months: dict[Pair, list[int]] = defaultdict(list)
    for pair, _, month in raised:
        months[pair].append(month)
    leads = ([t - m for m in months.get(pair, ()) if 0 <= t - m <= 12] for pair, t in defaults)
    return [max(lead) for lead in leads if lead]


def _judge(
    found: Found,
    period: date,
    cut: tuple[str, object],
    judged: list[Alert],
    defaults: list[Event],
    raised: list[Alert],
    entries: list[Event],
    mature: bool,
) -> None:
    when: dict[Pair, list[int]] = defaultdict(list)
    for pair, t in entries:
        when[pair].append(t)
    true = sum(any(0 <= t - month <= 12 for t in when.get(pair, ())) for pair, _, month in judged)
    leads = _warned(defaults, raised)
    if mature:
        found.put("alert_precision_recall", period, *cut, precision=ratio(true, len(judged)), alerts=len(judged))
    found.put(
        "alert_precision_recall",
        period,
        *cut,
        recall=ratio(len(leads), len(defaults)),
        recall_ahead=ratio(sum(lead >= 1 for lead in leads), len(defaults)),
        lead_months=median(leads) if leads else None,
        defaults=len(defaults),
        defaults_warned=len(leads),
    )


def incidents(data: Data, found: Found) -> None:
    """incident_report_timeliness and incident_resolution_days."""
    rows = data.rows("risk_incident")
    for first, last in data.quarters:
        cohort = [row for row in rows if first <= row["found_on"] <= last]
        cuts = [("total", "total", cohort)]
        for bank in {row["institution_id"] for row in cohort}:
            cuts.append(("bank", bank, [row for row in cohort if row["institution_id"] == bank]))
        for cut, value, chosen in cuts:
            late = sum((row["reported_on"] - row["found_on"]).days > row["report_limit_days"] for row in chosen)
            found.put(
                "incident_report_timeliness",
                last,
                cut,
                value,
                on_time_rate=ratio(len(chosen) - late, len(chosen)),
                incidents=len(chosen),
                late=late,
            )
            done, open_ = [], []
            for row in chosen:
                contained = row["contained_on"] is not None and row["contained_on"] <= data.last_day
                end = row["contained_on"] if contained else data.last_day
                (done if contained else open_).append((end - row["found_on"]).days)
            found.put(
                "incident_resolution_days",
                last,
                cut,
                value,
                median_days=quantile(done, 0.5),
                p90_days=quantile(done, 0.9),
                km_median_days=_kaplan_meier(done, open_, 0.5),
                km_p90_days=_kaplan_meier(done, open_, 0.1),
                open_incidents=len(open_),
            )


def _kaplan_meier(done: list[int], open_: list[int], level: float) -> float | None:
    """First duration at which at most `level` are still open."""
    survival = 1.0
    for day in sorted(set(done)):
        at_risk = sum(other >= day for other in done + open_)
        survival *= 1 - done.count(day) / at_risk
        if survival <= level + 1e-9:
            return float(day)
    return None
