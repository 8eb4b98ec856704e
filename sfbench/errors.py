"""The one error type: what went wrong, where, why, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SfbenchError(Exception):
    """Bad input or bad use: shown to people without a traceback, exit code 2.

    `what` is one sentence; `where` is `file:line`, `table.column` or a path; `why` gives the cause; `fix` the remedy.
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", fix: str = "") -> None:
        self.what, self.where, self.why, self.fix = what, where, why, fix
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        lines += [f"  why: {self.why}"] if self.why else []
        lines += [f"  do:  {self.fix}"] if self.fix else []
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders (--jobs 2), and keyword-only arguments do not survive the default pickling.
        return _rebuild, (type(self), self.what, self.where, self.why, self.fix)


class ManyErrors(SfbenchError):
    """All errors of one file or one run, reported at once."""

    def __init__(self, errors: Iterable[SfbenchError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(e) for e in self.errors))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.errors,)


def _rebuild(kind: type[SfbenchError], what: str, where: str, why: str, fix: str) -> SfbenchError:
    return kind(what, where=where, why=why, fix=fix)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?` for the nearest known word, else the list of what is known (empty if nothing is)."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return "known: " + ", ".join(names) if names else ""


def raise_all(errors: list[SfbenchError]) -> None:
    """Raise nothing, the one, or all of them together."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ManyErrors(errors)
