"""Defaults of options from the settings: `scale = "small"` for every verb with --scale, `[generate]` for one verb.

Typer brings a Click of its own without public names, so commands and options are taken as they come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.settings import Settings

_ELSEWHERE = ("cache-folder",)  # read by others than the command line
_PATHS = ("content",)  # relative to the file that names them


def defaults(command: Any, found: Settings) -> dict[str, Any]:
    """Click's map of defaults. Raises SfbenchError that names every unknown key, and a verb that has no such option."""
    verbs = dict(_verbs(command))
    known = {name for options in verbs.values() for name in options}
    made: dict[str, Any] = {}
    errors: list[SfbenchError] = []
    for key, value in found.values.items():
        if key in _ELSEWHERE:
            continue
        if isinstance(value, dict) and (key,) in {words[:1] for words in verbs}:
            _of_verb(verbs, (key,), value, made, found.path, errors)
        elif key in known:
            for words, options in verbs.items():
                if key in options:
                    _put(made, words, options[key], key, value, found.path, over=False)
        else:
            fix = did_you_mean(key, known | {words[0] for words in verbs})
            errors.append(SfbenchError(f"no option or verb {key!r}", where=str(found.path), fix=fix))
    raise_all(errors)
    return made


def _of_verb(
    verbs: Mapping[tuple[str, ...], Mapping[str, Any]],
    words: tuple[str, ...],
    values: Mapping[str, Any],
    made: dict[str, Any],
    path: Path | None,
    errors: list[SfbenchError],
) -> None:
    options = verbs.get(words, {})
    for key, value in values.items():
        if isinstance(value, dict) and (*words, key) in verbs:
            _of_verb(verbs, (*words, key), value, made, path, errors)
        elif key in options:
            _put(made, words, options[key], key, value, path, over=True)
        else:
            fix = did_you_mean(key, options)
            errors.append(SfbenchError(f"{' '.join(words)} has no option {key!r}", where=str(path), fix=fix))


def _put(
    made: dict[str, Any],
    words: tuple[str, ...],
    option: Any,
    key: str,
    value: Any,
    path: Path | None,
    *,
    over: bool,
) -> None:
    place = made
    for word in words:
        place = place.setdefault(word, {})
    values = value if isinstance(value, list) else [value]
    if key in _PATHS and path is not None:
        values = [str(path.parent / str(one)) for one in values]
    shown = values if option.multiple else values[0] if len(values) == 1 else values
    if over or option.name not in place:
        place[option.name] = shown


def _verbs(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The words of each verb with its options by long name."""
    for name, part in getattr(command, "commands", {}).items():
        yield from _verbs(part, (*words, name))
    if words:
        named = {}
        for parameter in command.params:
            for spelling in parameter.opts:  # an argument's has no dashes
                if spelling.startswith("--"):
                    named[spelling.removeprefix("--")] = parameter
        yield words, named
