"""Names become keys: what a value is called decides its stream, never where it stands."""

from __future__ import annotations

from hashlib import blake2b

SEPARATOR = "\x1f"  # ASCII unit separator: ("ab", "c") and ("a", "bc") must not meet


def key(*names: str | int) -> int:
    """The 64-bit key of a path of names, the same on every machine and in every release.

    An integer counts as its decimal text. Raises ValueError without names, or if a name holds the separator byte.
    """
    texts = [str(name) for name in names]
    if not texts or any(SEPARATOR in text for text in texts):
        raise ValueError(f"a key needs names without the byte 0x1f, got {names!r}")
    digest = blake2b(SEPARATOR.join(texts).encode(), digest_size=8, person=b"sfbench.draws").digest()
    return int.from_bytes(digest, "little")
