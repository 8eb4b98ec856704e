"""`sfbench new`: a file to start from, in your own content folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from sfbench.cli import options as o
from sfbench.cli.say import pick
from sfbench.cli.skeletons import SKELETONS, skeleton
from sfbench.errors import SfbenchError

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TRY = {
    "table": "sfbench generate baseline --content {home} --tables {name} --out out",
    "method": "sfbench assess DIR --content {home} --method {name}",
    "metric": "sfbench evaluate DIR --content {home} --metric {name}",
    "scenario": "sfbench generate {name} --content {home} --out out",
    "suite": "sfbench validate DIR --content {home} --suite {name}",
    "fault": "sfbench list faults --content {home}",
    "bench method": "sfbench bench run s01_uniform_lift --seeds 5 --content {home} --method {name}",
    "bench query": "sfbench bench run s01_uniform_lift --seeds 5 --content {home} --method {name}",
}


def new(
    kind: Annotated[
        Literal["table", "metric", "method", "scenario", "suite", "fault"], typer.Argument(help="What to write.")
    ],
    name: o.NewName,
    content: o.ContentHome,
    lang: o.Lang = "en",
) -> None:
    """Write a skeleton that loads and works as it stands."""
    write(kind, name, content, lang)


def write(kind: str, name: str, content: Path, lang: o.Language) -> None:
    """Write the skeleton of a kind into a content folder. Raises SfbenchError for a bad or taken name."""
    import sfbench.content as built_in

    folder, suffix, _ = SKELETONS[kind]
    path = content / folder / f"{name}{suffix}"
    if not _NAME.fullmatch(name):
        why = "a name begins with a small letter and has small letters, digits and _"
        fix = f"try {re.sub(r'[^a-z0-9_]+', '_', name.lower()).strip('_0123456789') or f'my_{folder}'!r}"
        raise SfbenchError(f"{name!r} is no name", where="NAME", why=why, fix=fix)
    if path.exists():
        raise SfbenchError("the file exists", where=str(path), fix="choose another name, or edit the file")
    for group in (folder, *(["marts", "generators"] if kind == "metric" else [])):
        if name in built_in.listing(group, (content,) if content.is_dir() else ()):
            raise SfbenchError(
                f"a {kind} may not be called {name!r}",
                where=str(path),
                why=f"{group} has that name",
                fix="choose another name",
            )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(skeleton(kind, name))
    except OSError as error:
        fix = "give a folder that you may write to"
        raise SfbenchError(
            "the file cannot be written", where=str(path), why=error.strerror or str(error), fix=fix
        ) from error
    print(path)
    print(pick(lang, "try: ", "可运行：") + _TRY[kind].format(home=content, name=name))
