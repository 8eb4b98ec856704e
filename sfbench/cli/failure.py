"""What people see when a verb cannot go on: one compact form, an exit code, no traceback."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import typer

from sfbench.cli.finish import drop_output
from sfbench.errors import ManyErrors, SfbenchError

FINDINGS, BAD_INPUT, INTERNAL, INTERRUPTED, PIPE_CLOSED = 1, 2, 3, 130, 141


def guarded(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb with its failures turned into words on stderr and an exit code.

    2 for SfbenchError, 3 for anything unforeseen, 130 for Ctrl-C, 141 where the reader of stdout has gone.
    """

    @functools.wraps(verb)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            verb(*args, **kwargs)
            sys.stdout.flush()
        except SfbenchError as error:
            raise _left(BAD_INPUT, describe(error)) from None
        except KeyboardInterrupt:
            raise _left(INTERRUPTED, _interrupted(verb)) from None
        except BrokenPipeError:
            drop_output()
            raise typer.Exit(PIPE_CLOSED) from None
        except typer.Exit:
            raise
        except Exception as error:
            raise _left(INTERNAL, _unforeseen(error)) from None

    return run


def describe(error: SfbenchError) -> str:
    """What, where, why and what to do, for one error or several."""
    parts = error.errors if isinstance(error, ManyErrors) else (error,)
    lines = [f"error: {part}" for part in parts]
    return "\n".join([*lines, f"{len(parts)} errors"] if len(parts) > 1 else lines)


def _left(code: int, words: str) -> typer.Exit:
    if os.environ.get("SFBENCH_DEBUG"):
        traceback.print_exc()
    print(words, file=sys.stderr)
    return typer.Exit(code)


def _interrupted(verb: Callable[..., None]) -> str:
    if verb.__name__ in ("generate", "demo"):
        return "\nstopped: the same command resumes from the parts that are finished"
    return "\nstopped: nothing was changed"


def _unforeseen(error: Exception) -> str:
    cause = f"{type(error).__name__}: {error}".splitlines()[0]
    again = "" if os.environ.get("SFBENCH_DEBUG") else "\n  do:  set SFBENCH_DEBUG=1 and run it again for the traceback"
    return f"internal error: {cause}{again}"
