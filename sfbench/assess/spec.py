"""A method: what a YAML file of `methods/` declares, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from sfbench.assess.options import Label, Within

STEPS = ("empty", "missing", "outliers", "normalise", "peers", "weights", "aggregate", "bands")  # one kind each
RULES = ("exclude", "adjust", "veto")  # any number of kinds each, or `none`


@dataclass(frozen=True, slots=True)
class Step:
    """One named choice, such as `z` with `ddof` 1: `kind` names a function of `steps.KINDS`, with `options`."""

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    where: str = field(default="", compare=False)

    def __str__(self) -> str:
        if not self.options:
            return self.kind
        return f"{self.kind}({', '.join(f'{name}={_short(value)}' for name, value in self.options.items())})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One column: a metric by unit. A `condition` is not scored: rules and reference values look at it."""

    zh: str
    en: str
    metric: str
    component: str
    cut: str
    direction: Literal["up", "down"]
    role: Literal["scored", "condition"]
    pillar: Label
    period: Annotated[Step, "period"]  # how the figure of a period comes from the metric's figures
    transform: Annotated[Step, "transform"]
    normalise: Annotated[Step | None, "normalise"] = None  # instead of the method's own
    goalposts: tuple[float, float] | None = None  # after the transform, in its unit
    over: tuple[Label, Label] | None = None  # metric and component: the figure is in % of this one
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A composite-indicator chain with every step named. `alternatives` are the choices of its uncertainty analysis."""

    name: str
    title_zh: str
    title_en: str
    caption: str
    source: str
    confidence: Literal["high", "medium", "low"]
    official: bool  # False: the method is an illustration, whatever it is modelled on
    period: Literal["month", "quarter", "year"]
    indicators: Mapping[str, Indicator]
    empty: Step
    missing: Step
    outliers: Step
    normalise: Step
    peers: Step
    weights: Step
    aggregate: Step
    bands: Step
    exclude: tuple[Step, ...]
    adjust: tuple[Step, ...]
    veto: tuple[Step, ...]
    alternatives: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    weight_spread: Annotated[float, Within(0, 0.99)] = (
        0.0  # replicates scatter each weight within 1 +- this share of it
    )
    caption_zh: str = ""  # the caption, where it is not Chinese itself
    source_zh: str = ""  # the source, likewise
    where: str = field(default="", compare=False)

    @property
    def scored(self) -> tuple[str, ...]:
        """Names of the scored indicators, in the order of the file."""
        return tuple(name for name, indicator in self.indicators.items() if indicator.role == "scored")

    def with_step(self, step: str, choice: Step | tuple[Step, ...]) -> Method:
        """The method with one step chosen otherwise; `exclude`, `adjust` and `veto` take a tuple."""
        return replace(self, **{step: choice})  # type: ignore[arg-type]

    def pipeline(self) -> tuple[str, ...]:
        """Every step by name, in the order in which the chain takes them."""
        own = [f"{name}: {i.normalise}" for name, i in self.indicators.items() if i.normalise and i.role == "scored"]
        before = [f"exclude {rule}" for rule in self.exclude] or ["exclude none"]
        middle = [f"{step} {getattr(self, step)}" for step in ("empty", "missing", "outliers", "normalise")]
        middle += [f"normalise {text}" for text in own]
        middle += [f"{step} {getattr(self, step)}" for step in ("peers", "weights", "aggregate")]
        after = [f"{name} {rule}" for name in ("adjust", "veto") for rule in getattr(self, name) or ("none",)]
        return (*before, *middle, *after, f"bands {self.bands}")


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_short(part)}" for name, part in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_short, value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)
