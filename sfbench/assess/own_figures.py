"""A user's own figures of institutions: qualitative scores, plans, and what else no table holds."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from sfbench.assess.calendar import number_of
from sfbench.errors import SfbenchError, did_you_mean, raise_all

METRIC = "own_figures"  # what an indicator names as its metric
HEADER = ("institution_id", "period", "figure", "value")

Own = Mapping[tuple[str, str, str], float]  # (unit, period, figure) -> value


def read_own(path: Path, units: Iterable[str], figures: Iterable[str], kind: str) -> Own:
    """Values by unit, period and figure of a CSV with the columns of HEADER; `#` begins a remark.

    Raises SfbenchError, all at once and each with its line, for what cannot be read, an unknown institution or figure,
    a period that is none of `kind`, a value that is no number, and a figure that comes twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = [(number, line) for number, line in enumerate(stream, 1) if line.strip() and line[0] != "#"]
    except (OSError, UnicodeDecodeError) as error:
        raise SfbenchError("this file cannot be read", where=str(path), why=str(error), fix="give a CSV") from error
    rows = list(csv.reader(line for _, line in lines))
    if not rows or tuple(cell.strip() for cell in rows[0]) != HEADER:
        raise SfbenchError("the columns are others", where=f"{path}:1", fix=f"begin with {','.join(HEADER)}")
    known, wanted = set(units), set(figures)
    errors: list[SfbenchError] = []
    found: dict[tuple[str, str, str], float] = {}
    for (number, _), row in zip(lines[1:], rows[1:], strict=True):  # a few hundred lines that people wrote
        where, cells = f"{path}:{number}", [cell.strip() for cell in row]
        if len(cells) != len(HEADER):
            errors.append(SfbenchError(f"{len(cells)} cells in place of {len(HEADER)}", where=where))
            continue
        unit, period, figure, text = cells
        if unit not in known:
            errors.append(SfbenchError(f"no bank {unit!r}", where=where, fix="give an institution_id of a bank"))
        try:
            number_of(kind, period)
        except SfbenchError as error:
            errors.append(SfbenchError(error.what, where=where, why=error.why, fix=error.fix))
        if figure not in wanted:
            fix = did_you_mean(figure, wanted) if wanted else "leave the file out: the method takes no own figures"
            errors.append(SfbenchError(f"no figure {figure!r}", where=where, fix=fix))
        if (unit, period, figure) in found:
            errors.append(SfbenchError("this figure comes twice", where=where, fix="keep one"))
        value = _number(text)
        if value is None:
            errors.append(SfbenchError(f"{text!r} is no number", where=where, fix="write it as 8.5"))
        else:
            found[unit, period, figure] = value
    raise_all(errors)
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
