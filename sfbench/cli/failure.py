"""What people see when a verb cannot go on: one compact form, an exit code, no traceback."""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

import typer

from sfbench.cli.finish import drop_output
from sfbench.errors import ManyErrors, SfbenchError
from sfbench.words import Language, pick

FINDINGS, BAD_INPUT, INTERNAL, INTERRUPTED, PIPE_CLOSED, TERMINATED = 1, 2, 3, 130, 141, 143
_terminated = threading.Event()


def end_in_order() -> None:
    """SIGTERM ends the process as an error does: what it wrote of the original for passing use is taken away."""

    def end(*_: object) -> None:
        _terminated.set()
        sys.exit(TERMINATED)

    signal.signal(signal.SIGTERM, end)


def guarded(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb with its failures turned into words on stderr and an exit code.

    The words are in the language of --lang, or of SFBENCH_LANG.
    2 for SfbenchError, 3 for anything unforeseen, 130 for Ctrl-C, 141 where the reader of stdout has gone,
    143 for SIGTERM where a verb has asked for `end_in_order`.
    """

    @functools.wraps(verb)
    def run(*args: Any, **kwargs: Any) -> None:
        lang = kwargs.get("lang") or language()
        try:
            verb(*args, **kwargs)
            sys.stdout.flush()
        except SfbenchError as error:
            raise _left(BAD_INPUT, describe(error, lang)) from None
        except KeyboardInterrupt:
            raise _left(INTERRUPTED, _interrupted(verb, lang)) from None
        except BrokenPipeError:
            drop_output()
            raise typer.Exit(PIPE_CLOSED) from None
        except typer.Exit:
            raise
        except Exception as error:
            if _by_signal(error):
                if _terminated.is_set():
                    raise typer.Exit(TERMINATED) from None
                raise _left(INTERRUPTED, _interrupted(verb, lang)) from None
            raise _left(INTERNAL, _unforeseen(error, lang)) from None

    return run


def _by_signal(error: Exception) -> bool:
    """Whether it is what DuckDB raises, in the middle of a query, in place of what a signal's handler raised."""
    return type(error) is RuntimeError and str(error) == "Query interrupted"


def language() -> Language:
    """That of SFBENCH_LANG, for what is said outside a verb or by one without --lang."""
    return "zh" if os.environ.get("SFBENCH_LANG") == "zh" else "en"


def describe(error: SfbenchError, lang: Language) -> str:
    """What, where, why and what to do, for one error or several."""
    from sfbench.error_words import describe as said

    parts = error.errors if isinstance(error, ManyErrors) else (error,)
    lines = [pick(lang, "error: ", "错误：") + said(part, lang) for part in parts]
    total = pick(lang, f"{len(parts)} errors", f"共{len(parts)}个错误")
    return "\n".join([*lines, total] if len(parts) > 1 else lines)


def _left(code: int, words: str) -> typer.Exit:
    if os.environ.get("SFBENCH_DEBUG"):
        traceback.print_exc()
    print(words, file=sys.stderr)
    return typer.Exit(code)


def _interrupted(verb: Callable[..., None], lang: Language) -> str:
    if verb.__name__ in ("generate", "demo"):
        en = "stopped: the same command resumes from the parts that are finished"
        return "\n" + pick(lang, en, "已停止：再次运行同一条命令，即从已完成的部分继续")
    return "\n" + pick(lang, "stopped: nothing was changed", "已停止：没有改动任何内容")


def _unforeseen(error: Exception, lang: Language) -> str:
    cause = f"{type(error).__name__}: {error}".splitlines()[0]
    en, zh = "set SFBENCH_DEBUG=1 and run it again for the traceback", "请设SFBENCH_DEBUG=1后重新运行，以查看调用栈"
    again = "" if os.environ.get("SFBENCH_DEBUG") else "\n  " + pick(lang, f"do:  {en}", f"处理：{zh}")
    return pick(lang, f"internal error: {cause}", f"内部错误：{cause}") + again
