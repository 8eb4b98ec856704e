"""Signs of a garbled text, as a regular expression that Python and DuckDB (RE2) read alike."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

_NEVER = (
    (0x00, 0x1F),  # control characters
    (0x7F, 0x9F),
    (0xC0, 0xFF),  # accented letters: bytes of Chinese read as Latin-1
    (0xFF10, 0xFF19),  # digits and letters of full width
    (0xFF21, 0xFF3A),
    (0xFF41, 0xFF5A),
    (0xFFFD, 0xFFFD),  # the sign for a byte that could not be read
)
_LEADS, _TRAILS = range(0xE4, 0xEA), range(0x80, 0xC0)  # of Chinese characters in UTF-8: one lead, two trails


@cache
def garbled() -> str:
    """What no sound text in Chinese or English holds: a character of `_NEVER`, a blank at an end, or UTF-8 read as GBK.

    GBK takes bytes in pairs, so two characters of three bytes each become lead + trail, trail + lead, trail + trail.
    The first two pairs are of some 350 characters each; sound names do have them side by side, but not twice.
    """
    never = "".join(f"{_sign(low)}-{_sign(high)}" for low, high in _NEVER)
    head = _characters((lead, trail) for lead in _LEADS for trail in _TRAILS)
    middle = _characters((trail, lead) for trail in _TRAILS for lead in _LEADS)
    return f"[{never}]|^\\s|\\s$|^$|[{head}][{middle}].[{head}][{middle}]"


def _sign(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else chr(code)


def _characters(pairs: Iterable[tuple[int, int]]) -> str:
    decoded = (bytes(pair).decode("gbk", errors="ignore") for pair in pairs)
    return "".join(character for character in decoded if len(character) == 1)
