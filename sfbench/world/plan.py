"""The plan: what a run will do, as a value. Made before a byte is written; execution only obeys it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import sfbench.content as content
from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.kit import Block, Params
from sfbench.spec import Scenario
from sfbench.version import __version__
from sfbench.world.seal import LARGEST_SEED, PRIVATE, sealed

NAMED_SCALES = {"tiny": 0.002, "small": 0.02, "medium": 0.2, "city": 1.0}
LARGEST_SCALE = 1000.0
LEAST_FIRMS = 350  # of fewer none may fit what no city is without, such as a loan under sci-tech relending
BLOCK_FIRMS = 6144  # balance of fixed cost per block against memory; some 0.5 M balance rows
FILE_BLOCKS = 4  # a file is a fixed run of blocks, whatever the number of jobs

# Measured at scale 0.2 (docs/benchmarks.md): for the plan's estimates only.
_START_SECONDS = 0.8
_ROWS_PER_SECOND = 2.2e6
_MEMORY_MIB = 330
_ROUND_SHARE = 0.37  # of a whole world's time, for subsidies and claims; new lending takes 0.27


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that decides the data, and nothing else does (jobs do not)."""

    scenario: Scenario
    scale: float
    seed: int
    firms: int
    tables: tuple[str, ...]  # published tables to be written, in order
    order: tuple[str, ...]  # all tables to be made, needs first
    beside: tuple[str, ...] = ()  # tables that a search for decoys looks at
    truths: tuple[str, ...] = ()  # unpublished tables whose rows go to `truth/`
    salt: str = ""  # of a private seed
    content: tuple[Path, ...] = ()
    as_of: int | None = None  # days since 1970-01-01
    since: int | None = None
    until: int | None = None

    @property
    def params(self) -> Params:
        """The scenario's parameters with the scale."""
        return Params(self.scenario.params, self.scale)

    @property
    def blocks(self) -> int:
        """Number of firm blocks."""
        return math.ceil(self.firms / BLOCK_FIRMS)

    @property
    def parts(self) -> int:
        """Number of files a block table has."""
        return math.ceil(self.blocks / FILE_BLOCKS)

    @property
    def twin(self) -> Plan:
        """The same world with the levers off, but those that stay: what would have been.

        A budget that stays lasts there as long as it would have."""
        kept = tuple(lever.declared for lever in self.scenario.levers if lever.stays)
        return replace(self, scenario=replace(self.scenario, levers=kept, variant="twin"))

    def block(self, index: int) -> Block:
        """The firms of a block."""
        first = index * BLOCK_FIRMS
        return Block(index, first + 1, min(BLOCK_FIRMS, self.firms - first))

    @property
    def every_block(self) -> Iterator[Block]:
        """All firms, block by block."""
        return map(self.block, range(self.blocks))

    def part(self, index: int) -> tuple[Block, ...]:
        """The blocks of a part, in order."""
        first = index * FILE_BLOCKS
        return tuple(self.block(i) for i in range(first, min(first + FILE_BLOCKS, self.blocks)))

    @cached_property
    def digest(self) -> str:
        """Names the plan: a run may take over what a run of the same plan has left."""
        facts = [self.scenario.name, dict(sorted(self.scenario.params.items())), self.scale, self.seed, self.firms]
        facts += [list(self.tables), self.as_of, self.since, self.until, _content_digest(self.content)]
        facts += [__version__, BLOCK_FIRMS, FILE_BLOCKS]  # a part of another release or cut holds other rows
        facts += [asdict(wish) for wish in self.scenario.faults]
        facts += [lever.declared.facts for lever in self.scenario.levers]  # the end of a budget follows from the rest
        facts += [self.salt] if self.salt else []  # the digest is published: it must not tell a private seed
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]

    def estimate(self) -> dict[str, dict[str, float]]:
        """Rows and bytes by table, and the whole run's seconds on one core and memory of a process in MiB.

        With budgets the seconds are those of all feedback rounds that the scenario grants; fewer may do.
        """
        known = content.tables(self.content)
        tables = {}
        for name in self.tables:
            spec = known[name].spec
            rows = max(spec.floor, spec.fixed_rows, round(spec.per_firm * self.firms))
            tables[name] = {"rows": float(rows), "bytes": rows * spec.row_bytes}
        whole = {what: sum(table[what] for table in tables.values()) for what in ("rows", "bytes")}
        rounds = self.scenario.rounds + 1 if any(lever.budget for lever in self.scenario.levers) else 0
        seconds = _START_SECONDS + (1 + _ROUND_SHARE * rounds) * whole["rows"] / _ROWS_PER_SECOND
        return tables | {"total": whole | {"cpu_seconds": seconds, "memory_mib": float(_MEMORY_MIB)}}


def plan(
    scenario: str | Scenario,
    *,
    scale: float | str = "tiny",
    seed: int | str = 0,
    tables: tuple[str, ...] | None = None,
    as_of: int | None = None,
    since: int | None = None,
    until: int | None = None,
    extra: tuple[Path, ...] = (),
    hidden: bool = False,
) -> Plan:
    """Make a plan, or say everything that is wrong with the wishes. `tables` None means all published ones.

    The seed `private` is drawn, and its salt with it. With `hidden`, `tables` may name unpublished tables that declare
    columns: truth that no dataset shows.
    """
    known = content.tables(extra)
    published = [name for name, c in known.items() if c.spec.published or (hidden and c.spec.columns)]
    errors: list[SfbenchError] = []
    for name in tables or ():
        if name not in published:
            errors.append(SfbenchError(f"unknown table {name!r}", where="--tables", fix=did_you_mean(name, published)))
    if tables == ():
        errors.append(SfbenchError("no tables are named", where="--tables", fix="name one, or leave the option out"))
    number = _scale(scale, errors)
    seed, salt = sealed() if seed == PRIVATE else (seed, "")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
        errors.append(
            SfbenchError(f"seed {seed!r} is no whole number from 0 to 2**63-1", where="--seed", fix="give --seed 7")
        )
    if since is not None and until is not None and since > until:
        errors.append(SfbenchError("--from lies after --to", where="--from", fix="swap them"))
    resolved: Scenario | None = None
    try:
        resolved = scenario if isinstance(scenario, Scenario) else content.scenario(scenario, extra)
    except SfbenchError as error:
        errors.append(error)
    raise_all(errors)
    assert resolved is not None and isinstance(seed, int)
    firms = round(resolved.params["population.firms"] * number)
    if firms < LEAST_FIRMS:
        why = f"it makes {firms} firms, and a city has at least {LEAST_FIRMS}"
        raise SfbenchError(
            f"scale {number:g} is too small", where="--scale", why=why, fix="give a larger one, e.g. tiny"
        )
    wanted = [name for name in published if tables is None or name in tables]
    faults = content.faults(extra) if resolved.faults else {}
    asked = (faults[wish.fault].spec for wish in resolved.faults if wish.decoys and wish.table in wanted)
    beside = sorted({name for fault in asked for name in fault.looks_at})
    told = [name for name, c in known.items() if c.spec.truth and name not in wanted and set(c.spec.needs) <= {*wanted}]
    return Plan(
        scenario=resolved,
        scale=number,
        seed=seed,
        firms=firms,
        tables=tuple(wanted),
        order=tuple(content.closure([*wanted, *beside, *told], known)),
        beside=tuple(beside),
        truths=tuple(told),
        salt=salt,
        content=extra,
        as_of=as_of,
        since=since,
        until=until,
    )


def _scale(scale: float | str, errors: list[SfbenchError]) -> float:
    if isinstance(scale, str) and scale in NAMED_SCALES:
        return NAMED_SCALES[scale]
    try:
        number = float(scale)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(scale, bool) or not (0 < number <= LARGEST_SCALE):  # also false for nan
        is_name = isinstance(scale, str) and scale.isalpha() and scale.lower() not in ("nan", "inf", "infinity")
        fix = did_you_mean(str(scale), NAMED_SCALES) if is_name else "give a number or a name"
        why = f"a scale is {', '.join(NAMED_SCALES)}, or a number above 0 and up to {LARGEST_SCALE:g}"
        errors.append(SfbenchError(f"scale {scale!r} cannot be generated", where="--scale", why=why, fix=fix))
    return number


def _content_digest(extra: tuple[Path, ...]) -> str:
    """Hash of all files that shape the data, so that a changed generator never resumes an older run."""
    from sfbench.folders import datasets

    digest = hashlib.sha256()
    files = list(content.listing("generators", extra).values())
    files += list(content.listing("faults", extra).values())
    files += sorted(p for p in datasets().rglob("*.csv"))
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
