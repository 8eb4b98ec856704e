"""One method over many instances, in a process of its own: `python -m sfbench.bench.worker WISH.json`.

It sees a folder with a copy of the panels and the card; the seed, the variant and the truth are in neither. Each
instance has a time limit, the process a limit of memory; whatever goes wrong with one instance is that instance's
answer, and the rest goes on.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from sfbench.bench.card import Card
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.panel import Panel
from sfbench.content import method


class _TooSlowError(Exception):
    """An instance took longer than its limit."""


def main(wish: Path) -> None:
    """Answer every panel of the wish; one JSON line an instance on the file that it names."""
    given = json.loads(wish.read_text(encoding="utf-8"))
    resource.setrlimit(resource.RLIMIT_AS, (given["memory"], given["memory"]))
    signal.signal(signal.SIGALRM, _too_slow)
    card = Card(**given["card"])
    answer = method(given["method"]).answer
    with Path(given["out"]).open("w", encoding="utf-8") as out:
        for name in given["panels"]:
            with np.load(name) as held:
                panel = Panel(y=held["y"], start=held["start"], cluster=held["cluster"], anticipation=card.anticipation)
            record = _answered(answer, panel, card, given["seconds"])
            out.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
            out.flush()


def _answered(answer: Any, panel: Panel, card: Card, seconds: int) -> dict[str, Any]:
    started = time.perf_counter()
    signal.alarm(seconds)
    try:
        found = answer(panel, card)
        record = _record(found)
    except _TooSlowError:
        record = {"kind": "failed", "why": f"it took longer than {seconds} s"}
    except MemoryError:
        record = {"kind": "failed", "why": "it ran out of memory"}
    except Exception as error:  # the method's own error is its answer
        record = {"kind": "failed", "why": f"{type(error).__name__}: {error}"}
    finally:
        signal.alarm(0)
    return record | {"seconds": round(time.perf_counter() - started, 4)}


def _record(found: Any) -> dict[str, Any]:
    if isinstance(found, Refusal):
        return {"kind": "refusal", "why": found.en}
    if not isinstance(found, Estimate):
        return {"kind": "failed", "why": f"it answered {type(found).__name__}, not an Estimate or a Refusal"}
    numbers = {"value": found.value, "low": found.low, "high": found.high}
    if not all(np.isfinite(number) for number in numbers.values()):
        return {"kind": "failed", "why": "a figure of its answer is not finite"}
    return {"kind": "estimate", "claims": bool(found.claims)} | {name: float(x) for name, x in numbers.items()}


def _too_slow(number: int, frame: Any) -> None:
    raise _TooSlowError


if __name__ == "__main__":
    main(Path(sys.argv[1]))
