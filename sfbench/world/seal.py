"""Private seeds: drawn from the system's randomness, committed to by a salted hash, opened later by who wants to."""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple

LARGEST_SEED = 2**63 - 1
PRIVATE = "private"  # in place of a seed: draw one that nobody knows
_SALT_BYTES = 16


class Seal(NamedTuple):
    """A seed and its salt, 32 hexadecimal digits."""

    seed: int
    salt: str

    @property
    def commitment(self) -> str:
        """What may be published before the seed is: see `commitment`."""
        return commitment(self.seed, self.salt)


def sealed() -> Seal:
    """A seed of 63 random bits, which nobody finds by trying, and a salt."""
    return Seal(secrets.randbelow(LARGEST_SEED + 1), secrets.token_hex(_SALT_BYTES))


def commitment(seed: int, salt: str) -> str:
    """SHA-256, in hexadecimal digits, of the text `seed:salt`, such as `7:00ff...`.

    It says nothing of the seed to who does not know the salt, and fits no other seed.
    """
    return hashlib.sha256(f"{seed}:{salt}".encode()).hexdigest()
