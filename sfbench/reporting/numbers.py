"""Another number for a row, such as the generator could have given it.

Numbers are packed: a run of them, such as a firm's notes, has its upper bits in common, and within it lie chains, such
as notes that follow one another: there they are one or two apart, and a hundred from the next chain. A number drawn
just anywhere would be told by its distances, so a new one has the distances to its neighbours that some sound row has,
and as often as sound rows have them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sfbench.draws import Draw
from sfbench.errors import SfbenchError
from sfbench.kit import Bools, Floats, Ints
from sfbench.reporting.cells import Positions, values
from sfbench.reporting.rows import Rows

RUN_BITS = 15  # of a number within its run
CHAIN = 64  # a chain begins at a multiple of this, so none of its numbers lies before it
FAR = 1 << 40  # stands for the distance to another run
EXACT = 256  # gaps of less are told apart by their size, the few larger ones by its power of two
PART = 0.5  # of the rows of an average run are free: so a run with many wanted gaps can have more


class Places(NamedTuple):
    """Where a new number can stand: of each sorted row one place before it and one behind it.

    host: the row. back: 1 if the place is before it. gap: the distance to the next number there. weight: how many sound
    rows stand between two as far apart, nearer to the same side, for each place of the kind. like: those rows, by kind;
    first, alike: which of them are of each place's kind.
    """

    host: Ints
    back: Ints
    gap: Ints
    weight: Floats
    like: Ints
    first: Ints
    alike: Ints


def free_numbers(rows: Rows, at: Positions, draw: Draw, *, leaving: bool = False) -> tuple[Ints, Bools]:
    """(a new number in the run of each row at `at`; whether it is free and no other row's new number).

    It stands in a gap of the run, or at one of its ends. Rows of runs with few wanted gaps are free less often.
    With `leaving` the row's own number is given up, so the new one is no neighbour of that.
    """
    number, order = _numbers(rows)
    line, who = number[order], rows.identity[at]
    before, after = _distances(line)
    near = np.minimum(before, after)
    if not len(at) or near.min() == FAR:
        return _anywhere(line, number[at], who, draw)
    places = _places(line, before, after)
    run = np.cumsum(before == FAR) - 1
    mine, upto = run[np.argsort(order)[at]], np.cumsum(places.weight)
    total, size = np.bincount(run[places.host], places.weight), np.bincount(run)
    wanted = (np.cumsum(total) - total)[mine] + total[mine] * draw.uniform("place", who)
    place = np.searchsorted(upto, wanted, side="right").clip(max=len(upto) - 1)
    model = places.first[place] + draw.below("step", who, np.maximum(places.alike[place], 1))
    step = near[places.like[model.clip(max=len(places.like) - 1)]]
    host, back, gap = places.host[place], places.back[place] == 1, places.gap[place]
    other = line[host] + np.where(back, -step, step)
    free = draw.chance("free", who, np.minimum(PART * total / size, 1)[mine])
    free &= (run[host] == mine) & (step > 0) & (step < gap)
    free &= (other >> RUN_BITS == line[host] >> RUN_BITS) & (~back | (step >= CHAIN) | _in_chain(other, line[host]))
    if leaving:
        mate = line[(host + np.where(back, -1, 1)).clip(0, len(line) - 1)]  # on the other side of the gap
        beside = (line[host] == number[at]) | ((gap < FAR) & (mate == number[at]))
        free &= ~beside | (size[mine] == 1)
    return other, free & _once(other, free)


def _places(line: Ints, before: Ints, after: Ints) -> Places:
    host, back = np.repeat(np.arange(len(line)), 2), np.tile([1, 0], len(line))
    gap = np.column_stack([before, after]).ravel()
    room = (back == 0) | _in_chain(line[host] - 1, line[host])
    models = np.flatnonzero(np.minimum(before, after) < FAR)
    span, right = np.minimum(before + after, FAR)[models], (before > after)[models]
    _, kind = np.unique(np.append(2 * _size(span) + right, 2 * _size(gap) + back), return_inverse=True)
    wanted, offered = kind[: len(models)], kind[len(models) :]
    count = np.bincount(wanted, minlength=len(kind))
    weight = room * (count / np.maximum(np.bincount(offered, room, len(kind)), 1))[offered]
    like = models[np.argsort(wanted, kind="stable")]
    return Places(host, back, gap, weight, like, (np.cumsum(count) - count)[offered], count[offered])


def _anywhere(line: Ints, number: Ints, who: Ints, draw: Draw) -> tuple[Ints, Bools]:
    """A number in the gap behind each, where each row is a run of its own."""
    gap = np.diff(line, append=line[-1:])[np.searchsorted(line, number)]
    other = number + 1 + draw.below("inside", who, np.maximum(gap - 1, 1))
    free = other < number + gap
    return other, free & _once(other, free)


def _numbers(rows: Rows) -> tuple[Ints, Ints]:
    """(the key of each row, the order by it). Raises SfbenchError for a key that is not one number."""
    keys = rows.table.key
    if len(keys) != 1 or rows.table.column(keys[0]).kind != "key":
        raise SfbenchError(f"the key of {rows.table.name!r} is not one number", fix="choose another table")
    number = values(rows.columns[keys[0]])
    return number, np.argsort(number, kind="stable")


def _distances(line: Ints) -> tuple[Ints, Ints]:
    """Distance of each to the one before and the one behind; FAR at the ends of runs."""
    gap = np.where(np.diff(line >> RUN_BITS), FAR, np.diff(line))
    return np.concatenate([[FAR], gap]), np.concatenate([gap, [FAR]])


def _size(gap: Ints) -> Ints:
    return np.where(gap < EXACT, gap, 1 << np.frexp(gap.astype(np.float64))[1].astype(np.int64))


def _in_chain(other: Ints, number: Ints) -> Bools:
    """Whether a number that is less belongs to the same chain."""
    return np.asarray((other > 0) & ((other ^ number) < CHAIN))


def _once(other: Ints, free: Bools) -> Bools:
    """Whether each is the first of the free ones with its number."""
    once = np.zeros(len(other), np.bool_)
    at = np.flatnonzero(free)
    once[at[np.unique(other[at], return_index=True)[1]]] = True
    return once
