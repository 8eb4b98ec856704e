"""What only a judge may see of a dataset: its `truth/`, as far as its scenario has something to say."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import sfbench.content as content
from sfbench.engines.cells import Rows, as_table, cells, clean_rows, outcome_of
from sfbench.engines.estimands import estimands
from sfbench.engines.repeated import repeated
from sfbench.engines.units import units
from sfbench.engines.withheld import missing
from sfbench.spec import Table
from sfbench.store import manifest, truth
from sfbench.store.manifest import FileEntry, Manifest
from sfbench.store.truth import TABLES, Truth
from sfbench.version import __version__
from sfbench.world.plan import Plan
from sfbench.world.reach import reach


def truth_of(
    plan: Plan,
    made: Manifest,
    folder: Path,
    labels: pa.Table | None,
    hidden: Mapping[str, Sequence[FileEntry]],
    twin: Path | None,
) -> Truth:
    """The truth of the dataset in `folder`.

    units where there are levers; cells and estimands where there is a twin as well; labels where faults are planted,
    missing where they withhold reports; links where registers show the same thing (`hidden`: files of the tables that
    know).
    """
    found: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
    worlds = None if twin is None else (clean_rows(folder, made.tables, labels), _twin_rows(twin))
    for lever in plan.scenario.levers:
        whom = reach(plan, lever)
        found["units"].append(units(plan, lever, whom))
        outcome = outcome_of(plan, lever)
        if worlds is None or lever.stays or outcome is None:
            continue
        amounts = cells(lever, whom, *outcome, *worlds)
        found["cells"].append(as_table(lever, *outcome, amounts))
        name = f"{outcome[0].name}.{outcome[1]}"
        found["estimands"].append(estimands(lever, name, amounts, plan.scenario.trial))
    if labels is not None:
        withheld = missing(labels, plan.scenario.faults, plan.content)
        found["missing"] += [] if withheld is None else [withheld]
    known = content.tables(plan.content)
    found["links"] += [_links(known[name].spec, plan, folder, files) for name, files in hidden.items()]
    tables = {name: pa.concat_tables(parts) for name, parts in found.items() if parts}
    return Truth(private(plan, made), tables | ({} if labels is None else {"labels": labels}))


def private(plan: Plan, made: Manifest) -> dict[str, Any]:
    """The private manifest: all that decides the data, and what the observable tables must be.

    observable_sha256: of each table, over its rows and the hashes of its columns, however it is stored. Of a private
    seed the salt that opens the commitment of the public manifest. A lever's `most` is null where nothing bounds it;
    its `budget`, where it has one, says when it was used up and what was spent.
    """
    seal = {"salt": plan.salt, "seed_commitment": made.seed_commitment} if plan.salt else {}
    return {
        "scenario": plan.scenario.name,
        "variant": plan.scenario.variant,
        "sfbench": __version__,
        "scale": plan.scale,
        "seed": plan.seed,
        **seal,
        "as_of": made.as_of,
        "from": made.since,
        "to": made.until,
        "params": dict(plan.scenario.params),
        "levers": [lever.facts | ({"most": None} if math.isinf(lever.most) else {}) for lever in plan.scenario.levers],
        "faults": [asdict(wish) for wish in plan.scenario.faults],
        "observable_sha256": {name: manifest.fingerprint({name: entry}) for name, entry in made.tables.items()},
    }


def _twin_rows(folder: Path) -> Rows:
    labels = folder / truth.FOLDER / "labels.parquet"
    return clean_rows(folder, manifest.read(folder).tables, pq.read_table(labels) if labels.is_file() else None)


def _links(spec: Table, plan: Plan, folder: Path, files: Sequence[FileEntry]) -> pa.Table:
    """What really stands behind each entry of a register: entity (a table), entity_id, register, register_pk."""
    of = next(column for column in spec.columns if column.references)
    rows = pa.concat_tables([pq.ParquetFile(folder / file.path).read([spec.key[0], of.name]) for file in files])
    register = next(name for name in spec.needs if name in plan.tables)
    return pa.table(
        {
            "entity": repeated(of.references.partition(".")[0], rows.num_rows),
            "entity_id": rows[of.name],
            "register": repeated(register, rows.num_rows),
            "register_pk": rows[spec.key[0]],
        }
    ).replace_schema_metadata()
