"""The task card: what a method is told beside the tables. The seed does not enter, of the variant only the span."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sfbench.bench.questions import question
from sfbench.bench.tasks import task
from sfbench.bench.truth import span_of
from sfbench.spec import Trial


@dataclass(frozen=True, slots=True)
class Card:
    """task, question: their names. asks: what the question is; contract: how it is answered. first, last: days (ISO) of
    the span that is asked about. key: columns of what is marked or ranked. anticipation: periods before the start in
    which units may react already, and which the estimand leaves out. level: of the interval that is asked for."""

    task: str
    question: str
    asks: str
    contract: str
    first: str
    last: str
    key: tuple[str, ...] = ()
    anticipation: int = 0
    level: float = 0.95

    @classmethod
    def of(cls, trial: Trial, extra: tuple[Path, ...] = ()) -> Card:
        """The card of a trial."""
        asked = question(trial.question, extra)
        span = span_of(trial)
        return cls(
            task=asked.task,
            question=asked.name,
            asks=asked.asks,
            contract=task(asked.task).asks_en,
            first=span["first"].isoformat(),
            last=span["last"].isoformat(),
            key=asked.key,
            anticipation=trial.anticipation,
        )

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Card:
        """The card of a record of `to_json`."""
        return cls(**record | {"key": tuple(record["key"])})

    def to_json(self) -> dict[str, object]:
        """As a record."""
        return asdict(self)
