"""The task card: what a method is told beside the panel. Nothing here depends on the seed or the variant."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from sfbench.bench.panels import panel_file
from sfbench.spec import Trial

ESTIMAND = "mean effect over the treated unit-quarters from the start on, in log points, each unit-quarter alike"


@dataclass(frozen=True, slots=True)
class Card:
    """task: its name; outcome: what `y` is; estimand: what is asked; anticipation: quarters before the start in which
    units may react already, and which the estimand leaves out; level: of the interval that is asked for."""

    task: str
    outcome: str
    estimand: str
    anticipation: int = 0
    level: float = 0.95

    @classmethod
    def of(cls, trial: Trial, extra: tuple[Path, ...] = ()) -> Card:
        """The card of a trial."""
        return cls(trial.task, panel_file(trial.panel, extra).outcome, ESTIMAND, trial.anticipation)

    def to_json(self) -> dict[str, object]:
        """As a record."""
        return asdict(self)
