"""Questions of the bench: `question_sql/*.sql`, a head that says what is asked and the SQL of the truth."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sfbench.bench.tasks import task
from sfbench.content import listing
from sfbench.content.sql_head import sql_head
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Question

_NEEDED = ("zh", "en", "asks", "task", "tables")
_OTHERS = ("also", "key", "errors", "naive", "sees")


@cache
def question(name: str, extra: tuple[Path, ...] = ()) -> Question:
    """The question of that name. Raises SfbenchError if there is none, or its head lacks a line or has an odd one."""
    known = listing("questions", extra)
    if name not in known:
        raise SfbenchError(f"unknown question {name!r}", where="bench.question", fix=did_you_mean(name, known))
    head, text = sql_head(known[name], "question", _NEEDED, _OTHERS)
    where = f"{known[name]}:1"
    if task(head["task"]).answer != "estimate" and "key" not in head:
        raise SfbenchError("what is marked or ranked has a key", where=where, fix="add a line `-- key: ...`")
    if head.get("errors", "absolute") not in ("absolute", "relative"):
        raise SfbenchError("errors are absolute or relative", where=where, fix="write `-- errors: relative`")
    if head.get("sees", "all") not in ("all", "known"):
        raise SfbenchError("a method sees all, or what was known", where=where, fix="write `-- sees: known`")
    return Question(
        name=name,
        **{key: head[key] for key in ("zh", "en", "asks", "task")},
        tables=_names(head["tables"]),
        also=_names(head.get("also", "")),
        key=_names(head.get("key", "")),
        relative=head.get("errors") == "relative",
        naive=head.get("naive", ""),
        foresight=head.get("sees") == "known",
        sql=text,
        where=str(known[name]),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
