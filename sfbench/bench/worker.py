"""One method over many instances, in a process of its own: `python -m sfbench.bench.worker WISH.json`.

It sees a folder with copies of the tables and the card; the seed, the variant and the truth are in neither, and its
connection reads no file. Each instance has a time limit, the process a limit of memory; whatever goes wrong with one
instance is that instance's answer, and the rest goes on. A method that does not stop at its limit ends its process.
"""

from __future__ import annotations

import faulthandler
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
from sfbench.bench.numbers import in_one_line, no_answer, no_estimate, numbers
from sfbench.content import method
from sfbench.errors import SfbenchError

GRACE = 5  # seconds from an instance's limit to the end of its process


class _TooSlowError(BaseException):
    """An instance took longer than its limit. No Exception: what a method does about its own errors is no matter."""


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
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True)  # it sleeps in C, or drops what the alarm raises
    try:
        record = _record(answer(con, card), card, folder)
    except MemoryError:
        record = no_answer("it ran out of memory")
    except SfbenchError as error:
        record = no_answer(in_one_line(error))
    except (Exception, SystemExit, _TooSlowError) as error:  # the method's own error is its answer
        record = no_answer(f"{type(error).__name__}: {_first_line(error)}")
    finally:
        signal.alarm(0)
        faulthandler.cancel_dump_traceback_later()
    spent = time.perf_counter() - started
    if spent >= seconds:  # DuckDB says of an alarm that a query was interrupted
        record = no_answer(f"it took longer than {seconds} s")
    return record | {"seconds": round(spent, 4)}


def _record(found: Any, card: Card, folder: Path) -> dict[str, Any]:
    if isinstance(found, Refusal):
        return {"kind": "refusal", "why": found.en}
    if isinstance(found, duckdb.DuckDBPyRelation):
        found = found.to_arrow_table()
    if isinstance(found, pa.Table):
        return _of_table(found, card, folder)
    if not isinstance(found, Estimate) or card.key:
        wanted = "a table of keys and scores" if card.key else "an Estimate or a Refusal"
        return no_answer(f"it answered {type(found).__name__}, not {wanted}")
    return numbers(found.value, found.low, found.high)


def _of_table(found: pa.Table, card: Card, folder: Path) -> dict[str, Any]:
    names = found.column_names
    if len(set(names)) < len(names):
        return no_answer(f"its answer names a column twice: {', '.join(names)}")
    if card.key:
        pq.write_table(found, folder / "answer.parquet")
        return {"kind": "table"}
    if found.num_rows != 1 or "value" not in names:
        return no_estimate(found.num_rows, names)
    row = found.to_pylist()[0]
    if row["value"] is None:
        return {"kind": "refusal", "why": "null"}
    return numbers(row["value"], row.get("low"), row.get("high"))


def _first_line(error: BaseException) -> str:
    """DuckDB lists every function that it knows below."""
    return str(error).partition("\n")[0]


def _too_slow(number: int, frame: Any) -> None:
    raise _TooSlowError


if __name__ == "__main__":
    main(Path(sys.argv[1]))
