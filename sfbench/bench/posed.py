"""An instance as posed: what a method sees, and the truth that it does not."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Posed:
    """seen: tables by name. truth: of a question about keys, the key with `label` (is it one that is looked for?) or
    `quality` (of what is ranked); of a policy effect, (unit, period, y0, y1, exposed). value: the figure that is asked
    for, None where keys are. identified: whether what is seen can tell it, under what the task lets a method assume."""

    seen: dict[str, pa.Table]
    truth: pa.Table
    value: float | None = None
    identified: bool = True
