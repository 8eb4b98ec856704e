"""How the process begins and ends: streams that take any text, and an end without noise."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from typing import NoReturn


def readable_streams() -> None:
    """Let a terminal that cannot show a character show `?` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() not in ("utf-8", "utf8"):
            stream.reconfigure(errors="replace")


def one_blas_thread() -> None:
    """Keep NumPy's linear algebra to one thread, unless the user says otherwise.

    What it computes then does not depend on the machine's cores, and its threads, which spin while they wait, take
    nothing from DuckDB's. It has to be said before NumPy is imported.
    """
    if not {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"} & os.environ.keys():
        os.environ["OPENBLAS_NUM_THREADS"] = "1"


def finish(code: int) -> NoReturn:
    """End with an exit code; output that nobody reads any more (`| head`) is dropped without a word."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
    if "great_expectations" not in sys.modules:
        gc.freeze()  # the interpreter looks for garbage once more at its end: a tenth of a short command's time
        sys.exit(code)
    # Great Expectations keeps DuckDB objects beyond the interpreter's end, and DuckDB's binding then writes pages of
    # "leaked instance" to stderr. So: everything that is due at the end, and out.
    atexit._run_exitfuncs()
    sys.stderr.flush()
    os._exit(code)


def drop_output() -> None:
    """Point stdout at nothing, so that the flush at the interpreter's end finds no closed pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
