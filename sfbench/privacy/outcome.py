"""What an attack finds: a share of successes with its Wilson interval, beside the same attack on the control.

A card has many attacks, and each can be fooled by which firms happened to be held out. So what it calls shown is shown
by all of them together: `risk_low` is a bound at 1 - 0.05 / 15 for each attack (Bonferroni), hence a safe copy is
accused by any of them once in twenty cards at most. Where a card attacks several tables, each of them (`cases`) has its
share of that. `seen_from` says what an attack of so few tries can see at all.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 1.959964  # 95 %, two-sided: of the intervals that are shown
FALSE_ALARMS, JUDGED = 0.05, 15  # of a card of safe data, over all attacks and the canaries
SHOWN = NormalDist().inv_cdf(1 - FALSE_ALARMS / JUDGED)  # one-sided: of `risk_low` where one table is attacked
POWER = NormalDist().inv_cdf(0.8)  # how surely `seen_from` would have been seen: four times of five


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value` of `tries`, against the firms that were learned; `control`, the same against firms that were not.

    low, high, control_low, control_high: 95 % intervals (Wilson 1927). control_tries: 0 where chance is known and not
    counted. risk: by how far the attack does better than on the control, as a share of what there is to gain. cases: on
    how many tables a card makes this attack.
    """

    attack: str
    value: float
    low: float
    high: float
    tries: int
    control: float
    control_low: float
    control_high: float
    control_tries: int
    en: str
    zh: str
    cases: int = 1

    @property
    def risk(self) -> float:
        """(value - control) / (1 - control), not below 0 (the measure of anonymeter; Giomi et al. 2023)."""
        return max(0.0, self._share_of_gain(self.value - self.control))

    @property
    def risk_low(self) -> float:
        """The least that the risk is, at 95 % over all attacks of a card: above 0 means that a leak is shown."""
        return self._low_at(self.value)

    def seen_from(self, most: float = 0.0) -> float:
        """The least risk that these tries, beside this control, show to be above `most` four times of five.

        1 where no risk would have been.
        """
        if not self.tries or self._low_at(1.0) <= most:
            return 1.0
        low, high = self.control, 1.0  # the least share that is called shown lies between
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (low, middle) if self._low_at(middle) > most else (middle, high)
        # A true share at the upper end of Wilson's interval is found below `high` once in five times.
        return self._share_of_gain(wilson(high * self.tries, self.tries, POWER)[1] - self.control)

    def among(self, cases: int) -> Outcome:
        """The same as one of so many that share what it had of the card's level."""
        return replace(self, cases=self.cases * cases)

    def record(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {"risk": self.risk, "risk_low": self.risk_low}

    def _low_at(self, value: float) -> float:
        """`risk_low` if the share were `value`: the bound of a difference of shares (Newcombe 1998, Statistics in
        Medicine 17, 873, method 10) as a share of what there is to gain.
        """
        level = SHOWN if self.cases == 1 else NormalDist().inv_cdf(1 - FALSE_ALARMS / (JUDGED * self.cases))
        below = value - wilson(value * self.tries, self.tries, level)[0]
        control = (
            wilson(self.control * self.control_tries, self.control_tries, level)[1]
            if self.control_tries
            else self.control
        )
        gap = value - self.control - math.hypot(below, control - self.control)
        return max(0.0, self._share_of_gain(gap))

    def _share_of_gain(self, gap: float) -> float:
        return gap / max(1 - self.control, 1e-9)


def wilson(successes: float, tries: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22, 209), at 95 % by itself; (0, 1) without tries.

    level: standard deviations to either side.
    """
    if tries == 0:
        return 0.0, 1.0
    share, z2 = successes / tries, level**2
    middle = (share + z2 / (2 * tries)) / (1 + z2 / tries)
    half = level / (1 + z2 / tries) * math.sqrt(max(share * (1 - share), 0.0) / tries + z2 / (4 * tries**2))
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
    sides = (share, *wilson(hits, tries), tries), (control, *wilson(control_hits, control_tries), control_tries)
    return Outcome(attack, *sides[0], *sides[1], en, zh)


def nothing(attack: str, en: str, zh: str) -> Outcome:
    """Of an attack that could find nobody, whatever the copy is: it has no tries and clears no copy."""
    return outcome(attack, 0, 0, 0, 0, en, zh)


def against_chance(attack: str, hits: float, tries: int, chance: float, en: str, zh: str) -> Outcome:
    """From counts of successes where what chance gives is known, so that no control has to be counted."""
    share = hits / tries if tries else chance
    return Outcome(attack, share, *wilson(hits, tries), tries, chance, chance, chance, 0, en, zh)
