"""Every kind of every step, by name: a step of a method names one of these functions, and each of its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sfbench.assess import aggregate, bands, exclude, missing, normalise, outliers, periods, rules, weights


def together() -> None:
    """All units are one field: one normalisation, one set of weights, one ranking."""


def normalise_within() -> None:
    """Each peer group is imputed, treated and normalised on its own; weights, scores and ranks are of all units."""


def apart() -> None:
    """Each peer group is assessed as though it were alone, from imputation to bands."""


def refuse() -> None:
    """An indicator without any figure in the period is an error."""


def leave_out() -> None:
    """An indicator without any figure in the period is left out and the weights are rescaled, with a note."""


DIRECTED = ("none", "share_of_total")  # normalisations after which less may still be better

KINDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "period": periods.KINDS,
    "transform": outliers.TRANSFORMS,
    "exclude": exclude.KINDS,
    "empty": {f.__name__: f for f in (refuse, leave_out)},
    "missing": missing.KINDS,
    "outliers": outliers.KINDS,
    "normalise": normalise.KINDS,
    "peers": {f.__name__: f for f in (together, normalise_within, apart)},
    "weights": weights.KINDS,
    "aggregate": aggregate.KINDS,
    "adjust": rules.ADJUST,
    "veto": rules.VETO,
    "bands": bands.KINDS,
}
