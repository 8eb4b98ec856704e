"""The privacy lines of a card: every table at the top is attacked with all that hangs on it, and the worst counts.

A table that no attack has looked at may be the original word for word: it is told by name, and the card is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sfbench import privacy
from sfbench.error_words import in_chinese
from sfbench.errors import SfbenchError
from sfbench.privacy.canaries import looked_for
from sfbench.privacy.case import UNKNOWN
from sfbench.synth import card, shadow
from sfbench.synth.card import Figure
from sfbench.synth.learned import Learned, Tables, family, tops

Limits = Mapping[str, Mapping[str, float]]
_ORDER = ("within", "not judged", "beyond")


@dataclass(frozen=True, slots=True)
class Attacked:
    """The lines, a case for each table at the top that was attacked, and of every one its frames before they are cut to
    a case: learned, held out, copy."""

    figures: list[Figure]
    cases: dict[str, privacy.Case]
    frames: dict[str, tuple[privacy.Frame, privacy.Frame, privacy.Frame]]


def attacked(
    train: dict[str, Learned],
    unseen: dict[str, Learned],
    copy: dict[str, Learned],
    said: Mapping[str, Any],
    limits: Limits,
    *,
    quasi: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    seed: int,
    most: int,
    shadows: bool,
) -> Attacked:
    """Attacks on each table at the top. said: what the copy's manifest says of its method; quasi: the columns of a
    table that are declared quasi-identifiers.

    Raises SfbenchError if there is one such table and it cannot be attacked.
    """
    names, cases, missed = tops(train), dict[str, privacy.Case](), list[Figure]()
    frames = {top: (privacy.firms(train, top), privacy.firms(unseen, top), privacy.firms(copy, top)) for top in names}
    for top in names:
        again, why = _refit(family(unseen, top), said, shadows)
        try:
            wish: dict[str, Any] = {"quasi": quasi.get(top, ()), "seed": seed, "most": most}
            cases[top] = privacy.case(*frames[top], **wish, refit=again, no_refit=why)
        except SfbenchError as error:
            if len(names) == 1:
                raise
            missed.append(_not_attacked(train, top, error))
    found = {top: privacy.attacked(one) for top, one in cases.items()}
    return Attacked([*missed, *_worst(found, limits)], cases, frames)


def canaries(train: dict[str, Learned], copy: dict[str, Learned], number: int, limits: Limits) -> list[Figure]:
    """The line of the canaries that `fit` planted among the rows of each table at the top."""
    heard = {top: [looked_for(train, number, privacy.firms(copy, top), top)] for top in tops(train)}
    return _worst(heard, limits)


def _worst(found: Mapping[str, Iterable[privacy.Outcome]], limits: Limits) -> list[Figure]:
    """A line an attack: of the table where it is worst, which its words name if there are several."""
    lines = dict[str, list[Figure]]()
    for top, outcomes in found.items():
        for outcome in outcomes:
            line = card.of_attack(outcome.among(len(found)), limits.get(outcome.attack))
            if len(found) > 1:
                line = replace(line, en=f"{top}: {line.en}", zh=f"{top}：{line.zh}")
            lines.setdefault(line.name, []).append(line)
    return [max(same, key=_how_bad) for same in lines.values()]


def _how_bad(line: Figure) -> tuple[int, float, float]:
    return _ORDER.index(line.verdict), line.outcome.risk_low if line.outcome else 0.0, line.seen_from or 0.0


def _not_attacked(tables: Tables, top: str, error: SfbenchError) -> Figure:
    names = list(family(tables, top))
    why = f"{error.what} ({error.why})" if error.why else error.what
    en = f"{', '.join(names)}: no attack has looked at it: {why}"
    zh = f"{'、'.join(names)}：未受任何攻击检验：{in_chinese(error.what)}"
    return Figure("privacy", f"not_attacked_{top}", en, zh, None, "", "not judged")


def _refit(
    unseen: dict[str, Learned], said: Mapping[str, Any], wanted: bool
) -> tuple[privacy.Refit | None, tuple[str, str]]:
    """(the copy's method, to be fitted again; why it cannot be)."""
    if not wanted:
        return None, ("its method is not to be fitted again", "未要求重新拟合副本所用方法")
    if not said.get("method"):
        return None, UNKNOWN
    try:
        return shadow.refit(unseen, said), UNKNOWN
    except SfbenchError as error:  # a method or an option of another version
        return None, (error.what, in_chinese(error.what))
