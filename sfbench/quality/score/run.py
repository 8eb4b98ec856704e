"""`quality_score`: generate a scenario with planted faults, run the suites, compare."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from sfbench.content import faults as known_faults
from sfbench.content import tables as declared_tables
from sfbench.engines.local import generate
from sfbench.errors import SfbenchError
from sfbench.quality import engine
from sfbench.quality.ahead import Ahead
from sfbench.quality.catalogue import connected, found_tables
from sfbench.quality.expectation import Suite
from sfbench.quality.run import all_suites, chosen, judged
from sfbench.quality.score.alarms import listener
from sfbench.quality.score.counts import AnyCount, Counts, FaultCount, added, count
from sfbench.quality.score.entities import Entities
from sfbench.quality.score.figures import ClaimScore, FaultScore, Score
from sfbench.quality.score.follow import follow, lags
from sfbench.quality.score.links import Ground
from sfbench.quality.score.meet import look, meet
from sfbench.quality.score.planted import FAULTY, load
from sfbench.quality.score.reads import looked_at
from sfbench.quality.turns import short_turns
from sfbench.spec import Fault, Table
from sfbench.store.read import sql_text
from sfbench.world.plan import Plan, plan

Followed = dict[str, list[tuple[int, int | None]]]


@dataclass(frozen=True, slots=True)
class Scored:
    """What one dataset adds to a score."""

    counts: Counts
    followed: Followed
    not_evaluated: tuple[str, ...]


def quality_score(
    scenario: str,
    *,
    scale: float | str = "small",
    seeds: Sequence[int] = (0,),
    out: Path | None = None,
    content: tuple[Path, ...] = (),
    force: bool = False,
    progress: Callable[[str], None] = lambda text: None,
) -> Score:
    """Scores the suites on a scenario's planted faults, over the datasets of these seeds together.

    out: a folder that keeps each dataset as `seed-N`, with `alarms-N.parquet` (every alarm, whether it is true) and
    `missed-N.parquet` (labels of visible faults that nothing found) beside it; by default nothing is kept.
    Raises SfbenchError if the scenario plants no faults, or for any bad wish.
    """
    started = time.perf_counter()
    wishes = [plan(scenario, scale=scale, seed=seed, extra=content) for seed in dict.fromkeys(seeds)]
    if not wishes or not wishes[0].scenario.faults:
        fix = "score `dirty_feeds` or `dirty_feeds_kept`, or add `faults` to your own scenario"
        raise SfbenchError(f"the scenario {scenario!r} plants no faults", fix=fix)
    faults = {name: fault.spec for name, fault in known_faults(content).items()}
    tables = {name: table.spec for name, table in declared_tables(content).items() if table.spec.published}
    suites = chosen(all_suites(tables, content), None, None)
    parts = []
    with tempfile.TemporaryDirectory(prefix="sfbench-") as scratch:
        for wish in wishes:
            folder = (out or Path(scratch)) / f"seed-{wish.seed}"
            progress(f"seed {wish.seed}")
            generate(wish, folder, force=force)
            kept = None if out is None else (out / f"alarms-{wish.seed}.parquet", out / f"missed-{wish.seed}.parquet")
            parts.append(score_dataset(folder, tables, suites, faults, keep=kept))
    return _score(parts, faults, wishes, time.perf_counter() - started)


def score_dataset(
    dataset: Path,
    tables: Mapping[str, Table],
    suites: Mapping[str, list[Suite]],
    faults: Mapping[str, Fault],
    *,
    keep: tuple[Path, Path] | None = None,
) -> Scored:
    """Counts of one dataset with labels; suites: table -> its suites. keep: files for alarms and for missed labels."""
    visible = frozenset(name for name, fault in faults.items() if fault.visible)
    with connected(dataset, tables) as connection, engine.sharing(connection):
        ground = Ground(connection, Entities(tables), found_tables(connection) & tables.keys())
        labelled = load(ground, dataset)
        every = [suite for own in suites.values() for suite in own]
        looked = {claim: pairs for suite in every for claim, pairs in looked_at(suite, tables).items()}
        look(ground, ((claim, table, column) for claim, pairs in looked.items() for table, column in pairs))
        with short_turns(), closing(Ahead(connection, suites, keep_views=True)) as views:
            findings = judged(connection, tables, suites, views, seen=listener(ground, labelled))
        meet(ground)
        counts = count(ground, visible)
        fired = {name: _only(own, counts.claims.keys()) for name, own in suites.items()}
        followed = follow(dataset, tables, {n: own for n, own in fired.items() if own}, ground, labelled, visible)
        if keep is not None:
            _keep(ground, *keep, visible)
    return Scored(counts, followed, tuple(f.id for f in findings if f.outcome == "not_evaluated"))


def _only(suites: Iterable[Suite], ids: Iterable[str]) -> list[Suite]:
    """These suites with these expectations, and the views that they read."""
    wanted = set(ids)
    kept = [replace(s, expectations=tuple(e for e in s.expectations if e.id in wanted)) for s in suites]
    return [suite for suite in kept if suite.expectations]


def _keep(ground: Ground, alarms: Path, missed: Path, visible: frozenset[str]) -> None:
    faults = ", ".join(f"'{name}'" for name in sorted(visible))
    for path, query in (
        (
            alarms,
            """SELECT a.claim, a.tbl AS "table", a.own AS key, t.true_alarms > 0 AS true_alarm, t.on_decoy
               FROM alarm AS a JOIN told AS t USING (id) ORDER BY ALL""",
        ),
        (
            missed,
            f"""SELECT fault, tbl AS "table", col AS "column", key, true_value, planted_value FROM label
                WHERE {FAULTY} AND fault IN ({faults}) AND event NOT IN (SELECT event FROM hit) ORDER BY ALL""",
        ),
    ):
        ground.connection.execute(f"COPY ({query}) TO {sql_text(str(path))}")


def _score(parts: Sequence[Scored], faults: Mapping[str, Fault], wishes: Sequence[Plan], seconds: float) -> Score:
    followed: Followed = {}
    for part in parts:
        for fault, events in part.followed.items():
            followed.setdefault(fault, []).extend(events)
    counts = _sums(part.counts.faults for part in parts)
    of_fault = [FaultScore(n, faults[n].level, faults[n].visible, c, lags(followed, [n])) for n, c in counts.items()]
    claims = _sums(part.counts.claims for part in parts)
    return Score(
        scenario=wishes[0].scenario.name,
        scale=wishes[0].scale,
        seeds=tuple(wish.seed for wish in wishes),
        faults=tuple(of_fault),
        classes=tuple(_classes(_sums(part.counts.classes for part in parts), of_fault, followed)),
        expectations=tuple(ClaimScore(name, found) for name, found in claims.items()),
        lag=lags(followed, list(followed)),
        clean_rows=sum(part.counts.clean_rows for part in parts),
        not_evaluated=tuple(sorted({claim for part in parts for claim in part.not_evaluated})),
        seconds=seconds,
    )


def _sums(parts: Iterable[Mapping[str, AnyCount]]) -> dict[str, AnyCount]:
    """Counts by name, added up."""
    found: dict[str, AnyCount] = {}
    for part in parts:
        for name, one in part.items():
            found[name] = added(found[name], one) if name in found else one
    return dict(sorted(found.items()))


def _classes(
    counts: Mapping[str, FaultCount], scores: Sequence[FaultScore], followed: Followed
) -> Iterable[FaultScore]:
    """The visible faults of each class together."""
    for level in dict.fromkeys(score.level for score in scores):
        if level in counts:
            mine = [score.name for score in scores if score.level == level and score.visible]
            yield FaultScore(level, level, True, counts[level], lags(followed, mine))
