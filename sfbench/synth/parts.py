"""What a method keeps of the data: plain JSON values and Arrow tables, nothing that runs when it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Parts:
    """`json`: plain values; `tables`: Arrow tables by name. Both go into the model file as they stand."""

    json: dict[str, Any]
    tables: dict[str, pa.Table]
