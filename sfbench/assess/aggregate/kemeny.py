"""Kemeny's rule: the order of all units with which the voters, pair by pair, agree most (Kemeny 1959; Young 1988)."""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations

import numpy as np

from sfbench.assess.aggregate.voting import majority
from sfbench.assess.context import Aggregate, Context, Note
from sfbench.assess.panel import Floats, Ints

EXACT = 8  # units; 8! = 40,320 orders are all looked at
_STARTS = 16  # of the search; one alone stops at an order that others better
_LEVEL = 1e-9  # sums of weights that differ by less are level


def kemeny(n: Floats, w: Floats, context: Context) -> Aggregate:
    """Score: units left behind in the best order, or the mean over all best orders where several are equally good.

    Exact for up to 8 units. Beyond, a heuristic: from the order of Borda's scores and from 15 others, the one move of a
    unit that gains most agreement, until none gains; neighbours that can be exchanged without loss share their places.
    Its note says how far the order can be from the best at most.
    """
    x = n * context.sign
    support = majority(x, w)
    place, notes = _exact(support) if len(x) <= EXACT else _searched(support)
    if len(x) > EXACT:  # units that are alike in everything stand alike, be others between them or not
        _, same = np.unique(x, axis=0, return_inverse=True)
        same = same.reshape(-1)
        place = (np.bincount(same, place) / np.bincount(same))[same]
    return Aggregate(len(x) - 1 - place, n * w, False, notes)


def agreement(support: Floats, orders: Ints) -> Floats:
    """Kemeny's score [order]: support for every pair as ordered, summed. `orders` [order, place] holds units."""
    score = np.zeros(len(orders))
    for i in range(orders.shape[1]):
        for j in range(i + 1, orders.shape[1]):
            score += support[orders[:, i], orders[:, j]]
    return score


def _exact(support: Floats) -> tuple[Floats, tuple[Note, ...]]:
    """Mean place [unit] over the best orders."""
    orders = _orders(len(support))
    score = agreement(support, orders)
    best = orders[score >= score.max() - _LEVEL]
    place = np.argsort(best, axis=1).mean(axis=0)
    en, zh = f"{len(best)} orders agree equally well: mean places", f"{len(best)}种排序同样最优，取平均名次"
    return place, (Note("aggregate", en, zh),) if len(best) > 1 else ()


@lru_cache(maxsize=EXACT)
def _orders(units: int) -> Ints:
    return np.array(list(permutations(range(units))), np.int64)


def _searched(support: Floats) -> tuple[Floats, tuple[Note, ...]]:
    """Place [unit] in the best order found that no move of one unit betters; the order of the units plays no part."""
    names = _by_support(support)
    own = support[np.ix_(names, names)]
    rng = np.random.default_rng(0)
    starts = [np.arange(len(own)), *(rng.permutation(len(own)) for _ in range(_STARTS - 1))]
    found = [_improved(own, start) for start in starts]
    reached = [float(np.triu(own[np.ix_(order, order)], 1).sum()) for order in found]
    best = next(n for n, score in enumerate(reached) if score >= max(reached) - _LEVEL)
    place = np.empty(len(own))
    shared = _shared(own[np.ix_(found[best], found[best])])
    place[names[found[best]]] = shared
    limit = float(np.maximum(own, own.T).sum()) / 2
    share = reached[best] / limit if limit else 1.0
    en = f"heuristic order (more than {EXACT} units), at {share:.2%} of an upper bound of agreement"
    zh = f"启发式排序（超过{EXACT}家），达到一致度上界的{share:.2%}"
    ties = len(place) - len(set(shared.tolist()))
    if ties:
        en += f"; {ties} units share the place of another, as they can be exchanged without loss"
        zh += f"；{ties}家可与相邻机构互换而不损失一致度，名次并列"
    return place, (Note("aggregate", en, zh),)


def _by_support(support: Floats) -> Ints:
    """The units by what they are: by Borda's score, then by the support that they have against the others."""
    margins = np.sort(support - support.T, axis=1)
    keys = np.round(np.column_stack([-support.sum(axis=1), -margins]), 9)
    return np.lexsort(keys.T[::-1])


def _improved(support: Floats, order: Ints) -> Ints:
    """An order that no move of one unit betters, from this one."""
    units = np.arange(len(order))
    while True:
        ahead = support[np.ix_(order, order)]
        ahead = ahead - ahead.T
        # gain[i, j]: the unit at place i moves to j; to the right it falls behind those on its way, else it passes them
        run = np.cumsum(ahead, axis=1)
        own = run[units, units][:, None]
        before = np.concatenate([np.zeros((len(order), 1)), run[:, :-1]], axis=1)
        gain = np.where(units[None] > units[:, None], own - run, own - before)
        i, j = np.unravel_index(int(np.argmax(gain)), gain.shape)
        if gain[i, j] <= _LEVEL:
            return order
        order = np.insert(np.delete(order, i), j, order[i])


def _shared(ordered: Floats) -> Floats:
    """Place [place], the mean one for neighbours of whom each is level with each; `ordered` is support in the order."""
    level = np.abs(ordered - ordered.T) <= _LEVEL
    place = np.arange(len(ordered), dtype=np.float64)
    start = 0
    for end in range(1, len(ordered) + 1):
        if end == len(ordered) or not level[end, start:end].all():
            place[start:end] = (start + end - 1) / 2
            start = end
    return place


KINDS = {"kemeny": kemeny}
