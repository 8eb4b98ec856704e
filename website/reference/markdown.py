"""Small pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from posixpath import dirname, relpath

_SPECIAL = re.compile(r"([\\`*_{}\[\]|])")


def plain(text: object) -> str:
    """A text that is to be read as it stands."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split())).replace("<", "&lt;").replace(">", "&gt;")


def words(text: object) -> str:
    """The same, but what stands in backticks is code."""
    pieces = " ".join(str(text).split()).split("`")
    return "".join(f"`{piece}`" if n % 2 else _spaced(piece) for n, piece in enumerate(pieces))


def both(zh: object, en: object) -> str:
    """A name in two languages, one under the other."""
    return f"{words(zh)}<br>{words(en)}"


def code(text: object) -> str:
    """A name as code; nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown; empty where there is no row."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(heads)} |", "|" + "---|" * len(heads), *lines, "", ""]) if lines else ""


def fold(title: str, body: str) -> str:
    """A part that opens on a click."""
    inside = "\n".join(f"    {line}" if line else "" for line in body.strip().splitlines())
    return f'??? note "{title}"\n\n{inside}\n\n'


def _spaced(piece: str) -> str:
    """As `plain`, with a blank at either end kept."""
    return " " * piece.startswith(" ") + plain(piece) + " " * (piece.endswith(" ") and bool(piece.strip()))


def fence(text: str, language: str = "") -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```\n\n"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """A list of what is known of something; a pair without a value is left out."""
    return "".join(f"- **{name}**: {value}\n" for name, value in pairs if value) + "\n"


def link(here: str, there: str, words: str, anchor: str = "") -> str:
    """A link from one page to another, both by their paths in the site."""
    place = "" if here == there else relpath(there, dirname(here) or ".")
    return f"[{words}]({place}{'#' + anchor if anchor else ''})"
