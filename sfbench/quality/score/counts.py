"""Counts of one scored dataset: of each fault and of each expectation. They add up over datasets."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

from sfbench.quality.score.links import Ground
from sfbench.quality.score.planted import FAULTY


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCount:
    """Of one fault, or of the visible faults of one class. alarms: of all expectations that found any event of it, each
    counted once; true_alarms: those among them that meet a planted row, whatever its fault."""

    planted: int = 0  # events
    found: int = 0
    alarms: int = 0
    true_alarms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCount:
    """Of one expectation. within_reach: planted events of visible faults in tables and columns that it looks at."""

    alarms: int = 0
    true_alarms: int = 0
    on_decoys: int = 0
    found: int = 0  # events
    alone: int = 0  # events that no other expectation found
    within_reach: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of one dataset."""

    faults: dict[str, FaultCount]
    classes: dict[str, FaultCount]
    claims: dict[str, ClaimCount]
    clean_rows: int  # rows of checked tables that bear no fault


AnyCount = TypeVar("AnyCount", FaultCount, ClaimCount)


def added(a: AnyCount, b: AnyCount) -> AnyCount:
    """The sum of two counts."""
    return type(a)(**{f.name: getattr(a, f.name) + getattr(b, f.name) for f in fields(a)})


def count(ground: Ground, visible: frozenset[str]) -> Counts:
    """Counts what `meet` found. visible: names of faults that a rule can see."""
    connection = ground.connection
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE hit AS SELECT DISTINCT a.claim, l.fault, l.level, l.event FROM meets AS m
            JOIN alarm AS a ON a.id = m.alarm JOIN label AS l ON l.id = m.label WHERE {FAULTY};
            CREATE OR REPLACE TEMP TABLE told AS SELECT a.id, a.claim, coalesce(r.claimed, 1) AS alarms,
            coalesce(r.labelled, EXISTS (FROM meets AS m JOIN label AS l ON l.id = m.label
                                         WHERE m.alarm = a.id AND NOT l.decoy)::BIGINT) AS true_alarms,
            EXISTS (FROM meets AS m JOIN label AS l ON l.id = m.label WHERE m.alarm = a.id AND l.decoy) AS on_decoy
            FROM alarm AS a LEFT JOIN alarm_rows AS r USING (id)"""
    )
    claims = connection.execute(
        f"""WITH told_of AS (SELECT claim, sum(alarms) AS alarms, sum(true_alarms) AS true_alarms,
                             count(*) FILTER (on_decoy AND true_alarms = 0) AS on_decoys FROM told GROUP BY claim),
            found AS (SELECT claim, count(DISTINCT event) AS found FROM hit GROUP BY claim),
            alone AS (SELECT claim, count(*) AS alone FROM (
                          SELECT min(claim) AS claim FROM hit GROUP BY event HAVING count(DISTINCT claim) = 1)
                      GROUP BY claim),
            reach AS (SELECT k.claim, count(DISTINCT l.event) AS reach FROM looks AS k JOIN label AS l
                      ON k.tbl = l.tbl AND k.col IS NOT DISTINCT FROM l.col
                      WHERE {FAULTY} AND l.fault IN (SELECT unnest(?::VARCHAR[])) GROUP BY k.claim)
            SELECT claim, alarms, true_alarms, on_decoys, coalesce(found, 0), coalesce(alone, 0), coalesce(reach, 0)
            FROM told_of LEFT JOIN found USING (claim) LEFT JOIN alone USING (claim) LEFT JOIN reach USING (claim)
            ORDER BY claim""",
        [sorted(visible)],
    ).fetchall()
    return Counts(
        faults=_found(ground, "fault", None),
        classes=_found(ground, "level", sorted(visible)),
        claims={
            name: ClaimCount(alarms=a, true_alarms=t, on_decoys=d, found=f, alone=o, within_reach=r)
            for name, a, t, d, f, o, r in claims
        },
        clean_rows=_clean_rows(ground),
    )


def _found(ground: Ground, by: str, faults: list[str] | None) -> dict[str, FaultCount]:
    """Counts by fault or by level, of these faults only if they are named."""
    among = "" if faults is None else "AND fault IN (SELECT unnest($faults::VARCHAR[]))"
    rows = ground.connection.execute(
        f"""WITH planted AS (SELECT {by}, count(DISTINCT event) AS planted FROM label WHERE {FAULTY} {among}
                        GROUP BY {by}),
            mine AS (FROM hit WHERE true {among}),
            found AS (SELECT {by}, count(DISTINCT event) AS found FROM mine GROUP BY {by}),
            judged AS (SELECT {by}, sum(alarms) AS alarms, sum(true_alarms) AS true_alarms
                       FROM (SELECT DISTINCT {by}, claim FROM mine) JOIN told USING (claim) GROUP BY {by})
            SELECT {by}, planted, coalesce(found, 0), coalesce(alarms, 0), coalesce(true_alarms, 0)
            FROM planted LEFT JOIN found USING ({by}) LEFT JOIN judged USING ({by}) ORDER BY {by}""",
        {} if faults is None else {"faults": faults},
    ).fetchall()
    return {name: FaultCount(planted=n, found=f, alarms=a, true_alarms=t) for name, n, f, a, t in rows}


def _clean_rows(ground: Ground) -> int:
    ask = " UNION ALL ".join(f'SELECT count(*) AS n FROM "{name}"' for name in sorted(ground.there))
    rows = int(ground.connection.execute(f"SELECT sum(n) FROM ({ask})").fetchall()[0][0])
    faulty = "SELECT count(DISTINCT (tbl, own)) FROM label WHERE NOT decoy"
    return rows - int(ground.connection.execute(faulty).fetchall()[0][0])
