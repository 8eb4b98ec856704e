"""What the attack `copied_rows` sees of loan notes that stand in a copy on other firms, as they are or changed.

    python benchmarks/copied_notes.py --scale 0.01

A city is cut into learned and held-out firms; the copy is another city, of whose notes a share is learned ones, each on
a firm at random. `moved x`: every number by a normal share x of itself; `anew`: so many columns of other notes.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

import sfbench
from sfbench import privacy
from sfbench.synth import card, source
from sfbench.synth.columns import numeric, raw
from sfbench.synth.learned import Learned, with_units

LEARNED = ["enterprise", "loan"]
TABLES = [*LEARNED, "loan_balance", "product", "institution", "industry", "month", "district", "cluster"]
LIMITS = card.thresholds()["privacy"]["copied_rows"]
Change = Callable[[pa.Table, np.random.Generator], pa.Table]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--scale", type=float, default=0.01)
    wish = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cities = [Path(folder) / str(seed) for seed in (71, 72)]
        for seed, city in zip((71, 72), cities, strict=True):
            sfbench.generate("baseline", scale=wish.scale, seed=seed, tables=TABLES, out=city)
        train, holdout = (source.read(cities[0], LEARNED, keep_out=0.5, kept=kept).learned for kept in (False, True))
        other = source.read(cities[1], LEARNED, keep_out=0.5).learned
    sides = [privacy.firms(side) for side in (train, holdout)]
    changes: dict[str, Change] = {"as they are": lambda notes, random: notes}
    changes |= {f"moved {share:.1%}": _moved(share) for share in (0.005, 0.01, 0.02, 0.05)}
    changes |= {f"{number} anew": _anew(number) for number in (1, 2, 3)}
    print("| notes | share | firms tried | reached | by chance | risk_low | verdict |\n|---|---|---|---|---|---|---|")
    for share in (0.005, 0.05, 1.0):
        for name, change in changes.items():
            copy = privacy.firms(_leaky(train, other, share, change))
            found = privacy.attacked(privacy.case(*sides, copy, seed=3), ["copied_rows"])[0]
            told = [found.tries, f"{found.value:.3f}", f"{found.control:.3f}", f"{found.risk_low:.3f}"]
            print(f"| {name} | {share} |", *(f"{cell} |" for cell in told), card.of_attack(found, LIMITS).verdict, "|")


def _leaky(train: dict[str, Learned], other: dict[str, Learned], share: float, change: Change) -> dict[str, Learned]:
    random, rows = np.random.default_rng(9), other["loan"].rows
    learned = random.permutation(train["loan"].rows)[: round(share * rows)]
    mine = change(train["loan"].columns.take(pa.array(learned)), random)
    theirs = other["loan"].columns.take(pa.array(random.permutation(rows)[: rows - len(learned)]))
    notes = pa.concat_tables([mine.cast(theirs.schema), theirs])
    owner = np.sort(random.integers(0, other["enterprise"].rows, notes.num_rows))
    notes = notes.take(pa.array(random.permutation(notes.num_rows)))
    return with_units([other["enterprise"], replace(other["loan"], columns=notes, parent_row=owner, unit=None)])


def _moved(share: float) -> Change:
    def change(notes: pa.Table, random: np.random.Generator) -> pa.Table:
        columns = {}
        for name in notes.column_names:
            column = notes[name].combine_chunks()
            columns[name] = _of_raw(column, random, share) if numeric(str(column.type)) else column
        return pa.table(columns)

    return change


def _of_raw(column: pa.Array, random: np.random.Generator, share: float) -> pa.Array:
    values, valid = raw(column)
    values = values * (1 + share * random.standard_normal(len(values)))
    if pa.types.is_decimal(column.type):
        cells = [Decimal(round(v)).scaleb(-column.type.scale) if v == v else None for v in values]
        return pa.array(cells, column.type, mask=~valid)
    whole = values if pa.types.is_floating(column.type) else np.rint(np.where(valid, values, 0))
    return pa.array(whole, mask=~valid).cast(column.type)


def _anew(number: int) -> Change:
    def change(notes: pa.Table, random: np.random.Generator) -> pa.Table:
        for name in ("amount", "spread", "institution_id")[:number]:
            drawn = notes[name].take(pa.array(random.permutation(len(notes))))
            notes = notes.set_column(notes.column_names.index(name), name, drawn)
        return notes

    return change


if __name__ == "__main__":
    main()
