"""Kemeny's rule: the order of all units with which the voters, pair by pair, agree most (Kemeny 1959; Young 1988)."""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations

import numpy as np

from sfbench.assess.aggregate.voting import majority
from sfbench.assess.context import Aggregate, Context, Note
from sfbench.assess.panel import Floats, Ints

EXACT = 8  # units; 8! = 40,320 orders are all looked at
_LEVEL = 1e-9  # sums of weights that differ by less are level


def kemeny(n: Floats, w: Floats, context: Context) -> Aggregate:
    """Score: units left behind in the best order, or the mean over all best orders where several are equally good.

    Exact for up to 8 units. Beyond, a heuristic: from the order of Borda's scores, the one move of a unit that gains
    most agreement, until none gains; its note says how far the order can be from the best at most.
    """
    x = n * context.sign
    support = majority(x, w)
    place, notes = _exact(support) if len(x) <= EXACT else _searched(support)
    if len(x) > EXACT:  # the search breaks ties by position; units that are alike in everything stand alike
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
    """Place [unit] in an order that no move of one unit betters."""
    order = np.argsort(-support.sum(axis=1), kind="stable")
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
            break
        order = np.insert(np.delete(order, i), j, order[i])
    reached = float(np.triu(support[np.ix_(order, order)], 1).sum())
    limit = float(np.maximum(support, support.T).sum()) / 2
    share = reached / limit if limit else 1.0
    en = f"heuristic order (more than {EXACT} units), at {share:.2%} of an upper bound of agreement"
    zh = f"启发式排序（超过{EXACT}家），达到一致度上界的{share:.2%}"
    return np.argsort(order).astype(np.float64), (Note("aggregate", en, zh),)


KINDS = {"kemeny": kemeny}
