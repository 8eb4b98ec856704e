"""Checks the words of a declaration against those that its type allows: Python does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from sfbench.errors import SfbenchError, did_you_mean


def unknown_words(where: str, **given: tuple[Iterable[str], Any]) -> list[SfbenchError]:
    """An error for each word that its `Literal` does not have: `unknown_words(path, stage=([stage], Stage))`."""
    errors = []
    for key, (words, allowed) in given.items():
        for word in words:
            if word not in get_args(allowed):
                fix = did_you_mean(str(word), filter(None, get_args(allowed)))
                errors.append(SfbenchError(f"{key!r} cannot be {word!r}", where=where, fix=fix))
    return errors
