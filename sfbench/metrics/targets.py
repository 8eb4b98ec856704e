"""Targets: what a header's `target` line means, and when a series reached it. It says when, never why.

>20000 by 2027-12                     a level to be beyond by a month
>0 every month to 2027-12             a level to be beyond in every month
> value 12 months earlier             beyond the metric's own value of so many months before, on the same scope

Values that differ by no more than the rounding of floats are equal: 100 x / x is not 100 for every x. A month after the
one that a target names keeps the verdict of that month, as what is reached or lost later is not the target's.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sfbench.errors import SfbenchError

Status = Literal["reached", "not_reached"]

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_ROUNDING = 1e-9
_TARGET = re.compile(
    r"(?P<operator>>=|<=|>|<)\s*"
    r"(?:(?P<level>-?\d+(?:\.\d+)?)|value (?P<lag>[1-9]\d*) months earlier)"
    r"(?:\s+(?P<mode>by|every month to)\s+(?P<until>\d{4}-(?:0[1-9]|1[0-2])))?"
)


@dataclass(frozen=True, slots=True)
class Target:
    """`value_city <operator> level`, or the value `lag` months earlier where `lag` is given; `until` as YYYY-MM."""

    operator: str
    level: float | None
    lag: int | None
    every_month: bool
    until: str


class Verdict(NamedTuple):
    """Of one period: the status there, and of the whole series the first month reached and whether it was kept."""

    status: Status | None  # None where there is no value, or nothing to compare it with
    first_achieved_on: date | None
    sustained: bool | None


def parse_target(text: str) -> Target:
    """Reads a target line; SfbenchError if it has another form."""
    found = _TARGET.fullmatch(text.strip())
    if not found:
        fix = "write `>20000 by 2027-12`, `>0 every month to 2027-12` or `> value 12 months earlier`"
        raise SfbenchError(f"target {text!r} cannot be read", fix=fix)
    return Target(
        operator=found["operator"],
        level=float(found["level"]) if found["level"] else None,
        lag=int(found["lag"]) if found["lag"] else None,
        every_month=found["mode"] == "every month to",
        until=found["until"] or "",
    )


def judge(
    target: Target, periods: Sequence[date], values: Sequence[float | None], scopes: Sequence[str | None] = ()
) -> list[Verdict]:
    """The verdict of every period of one series (ascending month ends; city values, None where not computable).

    first_achieved_on is the first period reached; sustained says that every period from there to the last was reached
    (a period without a value was not, one without anything to compare with does not count); both are None if no period
    was reached. The last is that of `until`, if it is given: later periods have its status. `scopes` are the scope
    versions of the values, if they may differ: a value is not compared with one of another.
    """
    months = [_month_number(period) for period in periods]
    by_month = dict(zip(months, values, strict=True))
    scope = dict(zip(months, scopes or [None] * len(months), strict=True))
    in_time = [month for month, period in zip(months, periods, strict=True) if _in_time(target, period)]
    statuses = [_status(target, by_month, month, scope) for month in in_time]
    first = statuses.index("reached") if "reached" in statuses else None
    missed = [
        status == "not_reached" or by_month[month] is None for status, month in zip(statuses, in_time, strict=True)
    ]
    sustained = None if first is None else not any(missed[first:])
    statuses += (statuses[-1:] or [None]) * (len(periods) - len(in_time))
    return [Verdict(status, None if first is None else periods[first], sustained) for status in statuses]


def _in_time(target: Target, period: date) -> bool:
    return not target.until or f"{period:%Y-%m}" <= target.until


def _status(
    target: Target, by_month: Mapping[int, float | None], month: int, scope: Mapping[int, str | None]
) -> Status | None:
    value, against = by_month[month], target.level
    if target.lag is not None:
        base = month - target.lag
        against = by_month.get(base) if scope.get(base) == scope[month] else None
    if value is None or against is None:
        return None
    if math.isclose(value, against, rel_tol=_ROUNDING, abs_tol=_ROUNDING):
        value = against
    return "reached" if _COMPARE[target.operator](value, against) else "not_reached"


def _month_number(period: date) -> int:
    return period.year * 12 + period.month
