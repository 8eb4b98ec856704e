"""How Python is shared between Great Expectations and the threads that ask DuckDB beside it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TURN = 0.0002  # seconds that GX keeps Python from who asks DuckDB, a thousand times; Python's own 0.005 add up
_GARBAGE = (
    50_000  # new objects between two looks for garbage; GX's mostly stay, and Python's own 700 made a thousand looks
)


@contextmanager
def short_turns() -> Iterator[None]:
    """While open, threads wait less for the interpreter, and it is stopped less often to look for garbage."""
    turn, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(min(turn, _TURN))
    if thresholds[0]:  # 0: never
        gc.set_threshold(max(thresholds[0], _GARBAGE), *thresholds[1:])
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        gc.set_threshold(*thresholds)
