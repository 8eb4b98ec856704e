"""The figures of a score: precision, recall, F1, false alarms, lag."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sfbench.quality.score.counts import ClaimCount, FaultCount
from sfbench.quality.score.lag import Lag


def ratio(part: int, whole: int) -> float | None:
    """A share; None of nothing."""
    return part / whole if whole else None


def f1(precision: float | None, recall: float | None) -> float | None:
    """The harmonic mean of precision and recall; None where either is unknown or both are 0."""
    if precision is None or recall is None or precision + recall == 0:
        return None
    return 2 * precision * recall / (precision + recall)


class _OfAlarms(ABC):
    """What a fault's and an expectation's score have alike: precision over alarms, and F1 with the recall."""

    __slots__ = ()
    count: FaultCount | ClaimCount

    @property
    @abstractmethod
    def recall(self) -> float | None:
        """Events found over events that could be."""

    @property
    def precision(self) -> float | None:
        return ratio(self.count.true_alarms, self.count.alarms)

    @property
    def f1(self) -> float | None:
        return f1(self.precision, self.recall)


@dataclass(frozen=True, slots=True)
class FaultScore(_OfAlarms):
    """Of one fault, or of the visible faults of one class.

    recall: events found over events planted. precision: of the alarms of all expectations that found any event of it,
    the share that meets a planted row (an alarm says no fault's name, so a false one belongs to no fault).
    """

    name: str
    level: str
    visible: bool
    count: FaultCount
    lag: Lag

    @property
    def recall(self) -> float | None:
        return ratio(self.count.found, self.count.planted)


@dataclass(frozen=True, slots=True)
class ClaimScore(_OfAlarms):
    """Of one expectation that raised an alarm. recall: events found over visible ones in what it looks at."""

    id: str
    count: ClaimCount

    @property
    def recall(self) -> float | None:
        return ratio(self.count.found, self.count.within_reach)


_OVERALL = (
    *("scenario", "scale", "seeds", "recall", "mean_recall", "precision", "f1"),
    *("alarms", "false_alarms", "false_per_1000", "clean_rows", "not_evaluated"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of a scenario's datasets together. Recall is over events of visible faults; precision over alarms (an expectation
    and a row). mean_recall: the mean of the visible faults' recalls, so that a rare fault counts as a common one."""

    scenario: str
    scale: float
    seeds: tuple[int, ...]
    faults: tuple[FaultScore, ...]
    classes: tuple[FaultScore, ...]
    expectations: tuple[ClaimScore, ...]
    lag: Lag
    clean_rows: int
    not_evaluated: tuple[str, ...]
    seconds: float

    @property
    def recall(self) -> float | None:
        seen = [f.count for f in self.faults if f.visible]
        return ratio(sum(c.found for c in seen), sum(c.planted for c in seen))

    @property
    def mean_recall(self) -> float | None:
        seen = [f.recall for f in self.faults if f.visible and f.recall is not None]
        return sum(seen) / len(seen) if seen else None

    @property
    def precision(self) -> float | None:
        return ratio(sum(e.count.true_alarms for e in self.expectations), self.alarms)

    @property
    def f1(self) -> float | None:
        return f1(self.precision, self.recall)

    @property
    def alarms(self) -> int:
        return sum(e.count.alarms for e in self.expectations)

    @property
    def false_alarms(self) -> int:
        return self.alarms - sum(e.count.true_alarms for e in self.expectations)

    @property
    def false_per_1000(self) -> float | None:
        """False alarms per 1,000 rows that bear no fault."""
        return 1000 * self.false_alarms / self.clean_rows if self.clean_rows else None

    def to_json(self) -> str:
        """One object: the overall figures, then faults, classes and expectations."""
        whole: dict[str, object] = {name: getattr(self, name) for name in _OVERALL}
        whole |= {"seconds": round(self.seconds, 1), "lag": asdict(self.lag)}
        whole["classes"] = [_plain(score) for score in self.classes]
        whole["faults"] = [_plain(score) for score in self.faults]
        whole["expectations"] = [_plain(score) for score in self.expectations]
        return json.dumps(whole, ensure_ascii=False)


def _plain(score: FaultScore | ClaimScore) -> Mapping[str, object]:
    head: dict[str, object] = {"name": score.id} if isinstance(score, ClaimScore) else _head(score)
    return head | {"precision": score.precision, "recall": score.recall, "f1": score.f1} | asdict(score.count)


def _head(score: FaultScore) -> dict[str, object]:
    return {"name": score.name, "class": score.level, "visible": score.visible, "lag": asdict(score.lag)}
