"""Types of a step's options, read from a function's signature, and what is wrong with a value."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import math
import sys
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from sfbench.errors import did_you_mean


class Wrong(ValueError):
    """What is wrong with a value, in a sentence's end; `within` leads to it from the option: keys, places from 1."""

    within: tuple[str, ...] = ()


def problem(words: str) -> Wrong:
    """What is wrong with a value, in a sentence's end."""
    return Wrong(words)


@dataclass(frozen=True, slots=True)
class Within:
    """Bounds of a number; `low` itself is left out if `open_low`."""

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False

    def __contains__(self, value: float) -> bool:
        return (self.low < value if self.open_low else self.low <= value) and value <= self.high

    def __str__(self) -> str:
        return f"{'above' if self.open_low else 'at least'} {self.low:g}" + (
            f" and at most {self.high:g}" if math.isfinite(self.high) else ""
        )

    def wrong(self, value: float) -> Wrong:
        """What is wrong with a value that is outside."""
        own = value if isinstance(value, int) else f"{value:g}"  # a whole number may be too large for a float
        if math.isfinite(self.high):
            return problem(f"must be at least {self.low:g} and at most {self.high:g}, not {own}")
        if self.open_low:
            return problem(f"must be above {self.low:g}, not {own}")
        return problem(f"must be at least {self.low:g}, not {own}")


@dataclass(frozen=True, slots=True)
class Names:
    """The text, or each key of the mapping, names one of the method's `what`: indicator, scored, pillar, band."""

    what: str
    all_of_them: bool = False


_LARGEST = sys.float_info.max
Share = Annotated[float, Within(0, 1)]
Positive = Annotated[float, Within(0, open_low=True)]
AtLeastZero = Annotated[float, Within(0)]
Count = Annotated[int, Within(1, 600)]  # fifty years of months: no data reach further back
Label = Annotated[str, "not empty"]
IndicatorName = Annotated[str, Names("indicator")]
IndicatorNames = tuple[IndicatorName, ...]
PerIndicator = Annotated[Mapping[str, float], Names("scored", all_of_them=True)]
SomeIndicators = Annotated[Mapping[str, float], Names("scored")]
PerPillar = Annotated[Mapping[str, float], Names("pillar", all_of_them=True)]
SomePillars = Annotated[Mapping[str, float], Names("pillar")]
Knots = Annotated[tuple[tuple[float, float], ...], "rising"]  # (deviation, points), joined by straight lines
Relation = Literal["above", "at_least", "at_most", "below"]


def options_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Type of each option: the keyword-only parameters of a step's function. None has a default, by house rule."""
    hints = typing.get_type_hints(function, include_extras=True)
    named = inspect.signature(function).parameters.values()
    return {p.name: hints[p.name] for p in named if p.kind is inspect.Parameter.KEYWORD_ONLY}


def convert(value: Any, hint: Any, names: Mapping[str, tuple[str, ...]]) -> Any:
    """The value as its type wants it (floats, tuples); Wrong says what is wrong in a sentence's end.

    `names` gives what `Names` may name. YAML's whole numbers pass as floats; booleans are never numbers.
    """
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _annotated(convert(value, parts[0], names), parts[1], names)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in parts:
            return None
        return _either(value, [part for part in parts if part is not type(None)], names)
    if origin is Literal:
        if value in parts and type(value) in {type(part) for part in parts}:
            return value
        raise problem(f"must be one of {', '.join(map(str, parts))}, not {value!r}")
    if origin is tuple:
        return _sequence(value, parts, names)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise problem(f"must be a mapping, not {value!r}")
        return {str(key): _part(str(key), part, parts[1], names) for key, part in value.items()}
    if dataclasses.is_dataclass(hint):
        return _record(value, hint, names)
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return float(value)
    if isinstance(value, hint) and (hint is bool or not isinstance(value, bool)) and hint is not float:
        return value
    if hint is bool:
        raise problem(f"must be true or false, not {value!r}")
    if hint is str:
        raise problem(f"must be text, not {value!r}")
    raise problem(f"must be a number, not {value!r}" if hint is float else f"must be a whole number, not {value!r}")


def _part(key: str, value: Any, hint: Any, names: Mapping[str, tuple[str, ...]]) -> Any:
    try:
        return convert(value, hint, names)
    except Wrong as error:
        error.within = (key, *error.within)
        raise


def _either(value: Any, parts: list[Any], names: Mapping[str, tuple[str, ...]]) -> Any:
    """As the first type that takes the value; the complaint is the first one's."""
    complaints = []
    for part in parts:
        try:
            return convert(value, part, names)
        except Wrong as error:
            complaints.append(error)
    raise complaints[0]


def _sequence(value: Any, parts: tuple[Any, ...], names: Mapping[str, tuple[str, ...]]) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise problem(f"must be a list, not {value!r}")
    if parts[-1] is Ellipsis:
        if not value:
            raise problem("must not be an empty list")
        return tuple(_part(str(place), part, parts[0], names) for place, part in enumerate(value, 1))
    if len(value) != len(parts):
        raise problem(f"must be a list of {len(parts)}, not {value!r}")
    return tuple(_part(str(n), value[n - 1], own, names) for n, own in enumerate(parts, 1))


def _record(value: Any, hint: Any, names: Mapping[str, tuple[str, ...]]) -> Any:
    if not isinstance(value, Mapping):
        raise problem(f"must be a mapping, not {value!r}")
    hints = typing.get_type_hints(hint, include_extras=True)
    for key in value:
        if key not in hints:
            raise problem(f"has an unknown key {key!r}; {did_you_mean(str(key), hints)}")
    left_out = [key for key in hints if key not in value]
    if left_out:
        raise problem(f"leaves out {', '.join(left_out)}")
    return hint(**{key: _part(key, value[key], own, names) for key, own in hints.items()})


def _annotated(value: Any, mark: Any, names: Mapping[str, tuple[str, ...]]) -> Any:
    if isinstance(mark, Within) and value not in mark:
        raise mark.wrong(value)
    if isinstance(mark, Names):
        known = names[mark.what]
        for name in value if isinstance(value, Mapping) else (value,):
            if name not in known:
                if not known:
                    raise problem(f"names {name!r}, and the method has no {mark.what}")
                raise problem(f"names no {mark.what}: {name!r}; {did_you_mean(name, known)}")
        left_out = [name for name in known if name not in value] if mark.all_of_them else []
        if left_out:
            raise problem(f"leaves out {', '.join(left_out)}")
    if mark == "rising" and any(a[0] >= b[0] for a, b in itertools.pairwise(value)):
        raise problem(f"must be points from left to right, not {value}")
    if mark == "not empty" and not value.strip():
        raise problem("must not be empty")
    return value
