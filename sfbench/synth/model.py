"""A fitted model: fit, sample, save, load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.spec import Table
from sfbench.synth import source, split, write
from sfbench.synth.learned import Learned
from sfbench.synth.methods import method_named
from sfbench.synth.parts import Parts


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned. `rows`: of the tables at the top in the original; `own`: a user declared the tables."""

    method: str
    options: Mapping[str, Any]
    rows: Mapping[str, int]
    specs: Mapping[str, Table]
    registers: Mapping[str, pa.Table]
    parts: Parts
    own: bool = False
    keep_out: float = 0.0  # share of firms that were not learned
    canaries: int = 0  # invented firms that were learned beside them

    def draw(self, seed: int, rows: int | None = None) -> dict[str, Learned]:
        """What the method draws, before keys and identities: `rows` of the first table at the top, others alike."""
        first = next(iter(self.rows.values()))
        share = 1.0 if rows is None else rows / max(first, 1)
        if share <= 0:
            raise SfbenchError(f"{rows} rows cannot be sampled", where="rows", fix="give a number from 1")
        wanted = {name: max(1, round(number * share)) for name, number in self.rows.items()}
        return method_named(self.method).draw(self.parts, wanted, seed)

    def sample(self, seed: int, rows: int | None = None) -> dict[str, pa.Table]:
        """Fresh tables in the declared schema, with the registers: references, bounds and identities hold.

        `rows` is the number of rows of the first table at the top (None: as the original has, about). Equal seeds
        give equal tables. Raises SfbenchError for a number of rows below 1.
        """
        return write.whole(self._pieces(seed, rows))

    def _pieces(self, seed: int, rows: int | None) -> Iterator[tuple[str, pa.Table]]:
        return write.pieces(self.draw(seed, rows), self.registers, self.specs, seed, own=self.own)

    def write_sample(self, out: Path, seed: int, rows: int | None = None, *, force: bool = False) -> dict[str, int]:
        """`sample` as a dataset in the folder `out`; rows by table. Raises SfbenchError for an `out` in use."""
        made = self._pieces(seed, rows)
        scenario = {
            "name": write.COPY,
            "title_zh": "合成副本",
            "title_en": "Synthetic copy",
            "chain": [],
            "changed": {},
            "model": {
                "method": self.method,
                "options": dict(self.options),
                "tables": [name for name in self.specs if name not in self.registers],
                "keep_out": self.keep_out,
                "canaries": self.canaries,
                "held_out_by": split.BY_KEY,
            },
        }
        manifest = write.folder(made, self.specs, out, scenario, seed, force)
        return {name: entry.rows for name, entry in manifest.tables.items()}


def fit(
    folder: Path,
    method: str = "linked",
    tables: Sequence[str] | None = None,
    *,
    options: Mapping[str, Any] | None = None,
    own: Mapping[str, Table] | None = None,
    keep_out: float = 0.0,
    canaries: int = 0,
) -> Model:
    """Learn the tables of a folder by a method of `methods/`. Raises SfbenchError (see `source.read`).

    `keep_out` is the share of firms that is not learned, so that attacks on the copy have a control.
    `canaries` is the number of invented firms that are learned, too, so that `synth report` can look for them in the
    copy (`sfbench.privacy.canaries`); they are no part of the copy's number of rows.
    """
    from sfbench.privacy.canaries import SEED, plant  # the package of attacks imports this one

    if canaries < 0:
        raise SfbenchError(f"{canaries} canaries cannot be planted", where="canaries", fix="give a number from 0")
    chosen = method_named(method)
    settings = chosen.settings(options or {})
    found = source.read(folder, tables, own, keep_out=keep_out)
    learned = plant(found.learned, canaries, SEED)[0] if canaries else found.learned
    parts = chosen.fit(learned, settings)
    tops = {name: round(table.rows / (1 - keep_out)) for name, table in found.learned.items() if not table.parent}
    return Model(method, settings, tops, found.specs, found.registers, parts, own is not None, keep_out, canaries)
