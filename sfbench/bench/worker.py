"""One method over many instances, in a process of its own: `python -m sfbench.bench.worker WISH.json`.

It sees a folder with copies of the tables and the card; the seed, the variant and the truth are in neither, and its
connection reads no file. Each instance has a time limit, the process a limit of memory; whatever goes wrong with one
instance is that instance's answer, and the rest goes on.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.bench.card import Card
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.numbers import numbers
from sfbench.content import method


class _TooSlowError(Exception):
    """An instance took longer than its limit."""


def main(wish: Path) -> None:
    """Answer every instance of the wish: one JSON line each on the file that it names, tables beside it."""
    given = json.loads(wish.read_text(encoding="utf-8"))
    resource.setrlimit(resource.RLIMIT_AS, (given["memory"], given["memory"]))
    signal.signal(signal.SIGALRM, _too_slow)
    card = Card.from_json(given["card"])
    answer = method(given["method"]).answer
    with Path(given["out"]).open("w", encoding="utf-8") as out:
        for name in given["instances"]:
            with _observed(Path(name)) as con:
                record = _answered(answer, con, card, given["seconds"], Path(name))
            out.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
            out.flush()


def _observed(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection that holds the tables of the folder and can open no other file."""
    con = duckdb.connect()
    con.execute("SET threads = 1")
    for path in sorted(folder.glob("*.parquet")):
        con.execute(f"CREATE TABLE \"{path.stem}\" AS FROM '{path}'")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _answered(answer: Any, con: Any, card: Card, seconds: int, folder: Path) -> dict[str, Any]:
    started = time.perf_counter()
    signal.alarm(seconds)
    try:
        record = _record(answer(con, card), card, folder)
    except _TooSlowError:
        record = {"kind": "failed", "why": f"it took longer than {seconds} s"}
    except MemoryError:
        record = {"kind": "failed", "why": "it ran out of memory"}
    except (Exception, SystemExit) as error:  # the method's own error is its answer
        record = {"kind": "failed", "why": f"{type(error).__name__}: {_first_line(error)}"}
    finally:
        signal.alarm(0)
    return record | {"seconds": round(time.perf_counter() - started, 4)}


def _record(found: Any, card: Card, folder: Path) -> dict[str, Any]:
    if isinstance(found, Refusal):
        return {"kind": "refusal", "why": found.en}
    if isinstance(found, duckdb.DuckDBPyRelation):
        found = found.to_arrow_table()
    if isinstance(found, pa.Table) and card.key:
        pq.write_table(found, folder / "answer.parquet")
        return {"kind": "table"}
    if isinstance(found, pa.Table) and found.num_rows == 1 and "value" in found.column_names:
        row = found.to_pylist()[0]
        low, high = row.get("low"), row.get("high")
        return numbers(row["value"], low, high) if row["value"] is not None else {"kind": "refusal", "why": "null"}
    if not isinstance(found, Estimate) or card.key:
        wanted = "a table of keys and scores" if card.key else "an Estimate or a Refusal"
        return {"kind": "failed", "why": f"it answered {type(found).__name__}, not {wanted}"}
    return numbers(found.value, found.low, found.high)


def _first_line(error: BaseException) -> str:
    """DuckDB lists every function that it knows below."""
    return str(error).partition("\n")[0]


def _too_slow(number: int, frame: Any) -> None:
    raise _TooSlowError


if __name__ == "__main__":
    main(Path(sys.argv[1]))
