"""What an attack finds: a share of successes with its Wilson interval, beside the same attack on the control."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 1.959964  # 95 %, two-sided


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value` of `tries`, against the firms that were learned; `control`, the same against firms that were not.

    low, high, control_low, control_high: 95 % intervals (Wilson 1927). risk: by how far the attack does better than on
    the control, as a share of what there is to gain; risk_low takes the unfavourable ends of both intervals.
    """

    attack: str
    value: float
    low: float
    high: float
    tries: int
    control: float
    control_low: float
    control_high: float
    en: str
    zh: str

    @property
    def risk(self) -> float:
        """(value - control) / (1 - control), not below 0 (the measure of anonymeter; Giomi et al. 2023)."""
        return max(0.0, (self.value - self.control) / max(1 - self.control, 1e-9))

    @property
    def risk_low(self) -> float:
        """The same from the lower end of the value and the upper end of the control: above 0 means a leak is shown."""
        return max(0.0, (self.low - self.control_high) / max(1 - self.control_high, 1e-9))

    def record(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {"risk": self.risk, "risk_low": self.risk_low}


def wilson(successes: float, tries: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22, 209); (0, 1) without tries."""
    if tries == 0:
        return 0.0, 1.0
    share, z2 = successes / tries, LEVEL**2
    middle = (share + z2 / (2 * tries)) / (1 + z2 / tries)
    half = LEVEL / (1 + z2 / tries) * math.sqrt(share * (1 - share) / tries + z2 / (4 * tries**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def effective(members: NDArray[np.float64]) -> int:
    """Tries that count where only clusters of them are independent, `members` in each: sum^2 / sum of squares.

    Kish's effective sample size (1965, Survey Sampling). 0 without tries.
    """
    return int(np.sum(members) ** 2 / np.sum(members**2)) if np.any(members) else 0


def reached(firm: NDArray[np.int64], hit: NDArray[np.bool_]) -> tuple[int, int]:
    """(firms with a hit, firms) where each row of a copy stands for the original firm nearest to it.

    Which firms were learned is what was drawn at random: twenty rows beside one of them say no more than one does.
    """
    return len(np.unique(firm[hit])), len(np.unique(firm))


def outcome(attack: str, hits: float, tries: int, control_hits: float, control_tries: int, en: str, zh: str) -> Outcome:
    """From counts of successes on learned firms and on the control."""
    hits, control_hits = float(hits), float(control_hits)
    share = hits / tries if tries else 0.0
    control = control_hits / control_tries if control_tries else 0.0
    return Outcome(attack, share, *wilson(hits, tries), tries, control, *wilson(control_hits, control_tries), en, zh)
