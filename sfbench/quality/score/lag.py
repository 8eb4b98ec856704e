"""Detection lag: how long a fault is on file before a report shows it.

For each of the last months of the window the expectations that raise alarms in the end run on what was known on its
last day (rows by `known_on`, cells by theirs). The lag of an event is the number of months from the month in which its
first row was known, as it should have been or as it was reported, to the first of these month ends whose alarms meet
it: 0 if the report of the very month shows it. Only events first known in these months are followed. Those of the last
h months cannot be seen for h months, so `within[h]` = (shown within h months, followed for h months at least): both
count events of visible faults, and the second is the base of the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

HORIZONS = (0, 1, 2, 3)  # months


@dataclass(frozen=True, slots=True)
class Lag:
    """horizon in months -> (events shown within it, events followed so long)."""

    within: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    def share(self, horizon: int) -> float | None:
        """The share of the events that were shown within so many months."""
        shown, followed = self.within.get(horizon, (0, 0))
        return shown / followed if followed else None

    @property
    def usual(self) -> tuple[int, float] | None:
        """(the least horizon within which half of the events are shown, the share that is): the median as a horizon.

        Where no horizon shows half of them, the longest that any event was followed for. None if none was followed.
        """
        shares = [(h, share) for h in sorted(self.within) if (share := self.share(h)) is not None]
        return next(((h, share) for h, share in shares if share >= 0.5), shares[-1] if shares else None)


def lag_of(events: Iterable[tuple[int, int | None]]) -> Lag:
    """Of events as (months followed, months until shown; None if not)."""
    known = list(events)
    return Lag(
        {
            h: (
                sum(lag is not None and lag <= h for followed, lag in known if followed >= h),
                sum(followed >= h for followed, _ in known),
            )
            for h in HORIZONS
        }
    )
