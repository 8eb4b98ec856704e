"""Tells that a dataset was generated with --from or --to, and so holds a part of what happened."""

from __future__ import annotations

from pathlib import Path

import typer

from sfbench.cli.say import pick
from sfbench.words import Language


def tell_cut(path: Path, lang: Language) -> None:
    """On stderr, for a dataset with such a manifest: sums and counts over other days, and rows referred to, lack."""
    from sfbench.store import manifest

    if not (path / manifest.NAME).is_file():
        return
    made = manifest.read(path)
    if not (made.since or made.until):
        return
    en = " ".join(f"{word} {day}" for word, day in (("from", made.since), ("to", made.until)) if day)
    zh = f"{made.since or ''}至{made.until or ''}"
    told = pick(
        lang,
        f"note: the dataset holds only events {en}; what is summed over earlier ones is too low, and rows that others "
        "refer to may be missing",
        f"注意：数据集只含{zh}的事件；涉及其他日期的累计值偏低，被引用的记录可能缺失",
    )
    typer.echo(told, err=True)
