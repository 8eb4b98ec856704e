"""What all attacks work on: firms that were learned, firms that were held out, and the copy, as frames and points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sfbench.errors import SfbenchError
from sfbench.privacy.frame import Floats, Frame
from sfbench.privacy.scale import Points, Scale, nearest
from sfbench.synth.columns import Ints

FEWEST = 20
Refit = Callable[[Ints, int], Frame]  # rows of the held-out firms, seed -> what the copy's method makes of them
UNKNOWN = ("the copy's method is not known", "副本所用方法未知")


@dataclass(frozen=True)
class Case:
    """`train` and `holdout` have equally many firms; `copy` at most `most`. quasi: columns that outsiders may know.

    whole: the three before they were cut to that. refit: the copy's method, fitted to some of the held-out firms;
    `no_refit` says in en and zh why there is none.
    Make it with `case`.
    """

    train: Frame
    holdout: Frame
    copy: Frame
    quasi: tuple[str, ...]
    seed: int
    whole: tuple[Frame, Frame, Frame]
    refit: Refit | None = None
    no_refit: tuple[str, str] = UNKNOWN

    def random(self, purpose: str) -> np.random.Generator:
        """A generator of its own for each attack."""
        return np.random.default_rng([self.seed, *purpose.encode()])

    @cached_property
    def both(self) -> Frame:
        """Learned and held-out firms alike: whatever distances are measured by must favour neither."""
        return Frame(
            {n: np.concatenate([c, self.holdout.numbers[n]]) for n, c in self.train.numbers.items()},
            {n: np.concatenate([c, self.holdout.words[n]]) for n, c in self.train.words.items()},
        )

    @cached_property
    def scale(self) -> Scale:
        """Ranks and words of the original."""
        return Scale.of(self.both)

    @cached_property
    def points(self) -> tuple[Points, Points, Points]:
        """train, holdout, copy."""
        return self.scale.points(self.train), self.scale.points(self.holdout), self.scale.points(self.copy)

    @cached_property
    def copy_to_train(self) -> tuple[Floats, Ints]:
        """Distances of each firm of the copy to its two nearest learned firms, and their rows."""
        return nearest(self.points[2], self.points[0], 2)

    @cached_property
    def copy_to_holdout(self) -> tuple[Floats, Ints]:
        """The same to held-out firms."""
        return nearest(self.points[2], self.points[1], 2)

    @cached_property
    def holdout_to_train(self) -> Floats:
        """Distances of each held-out firm to its two nearest learned firms: what chance gives."""
        return nearest(self.points[1], self.points[0], 2)[0]

    @cached_property
    def train_to_copy(self) -> tuple[Floats, Ints]:
        """Distances and rows of the ten nearest firms of the copy."""
        return nearest(self.points[0], self.points[2], 10)

    @cached_property
    def holdout_to_copy(self) -> tuple[Floats, Ints]:
        """The same for held-out firms."""
        return nearest(self.points[1], self.points[2], 10)


def case(
    train: Frame,
    holdout: Frame,
    copy: Frame,
    *,
    quasi: tuple[str, ...] = (),
    seed: int = 0,
    most: int = 10_000,
    refit: Refit | None = None,
    no_refit: tuple[str, str] = UNKNOWN,
) -> Case:
    """A case of the columns that all three have. Raises SfbenchError if there are too few firms or columns.

    Train and holdout are cut to the same size, at most `most`: a larger set has nearer neighbours by its size alone.
    """
    shared = [name for name in train.columns if name in holdout.columns and name in copy.columns]
    if not shared:
        raise SfbenchError("original and copy have no column in common", where="privacy")
    shared = [n for n in shared if all((n in f.numbers) == (n in train.numbers) for f in (holdout, copy))]
    size = min(train.rows, holdout.rows, most)
    if min(size, copy.rows) < FEWEST:
        why = f"{train.rows} learned, {holdout.rows} held out, {copy.rows} in the copy"
        fix = "keep more out with --keep-out; of a table of so few rows no copy can be shown to be safe"
        raise SfbenchError(f"fewer than {FEWEST} firms to compare", where="privacy", why=why, fix=fix)
    random = np.random.default_rng([seed, 7])
    sides = ((train, size), (holdout, size), (copy, most))
    rows = [np.sort(random.permutation(frame.rows)[:number]) for frame, number in sides]
    whole = train.only(shared), holdout.only(shared), copy.only(shared)
    cut = [frame.take(chosen) for frame, chosen in zip(whole, rows, strict=True)]
    known = tuple(name for name in quasi if name in shared) or _outside(train, shared)
    again = None if refit is None else _of_chosen(refit, rows[1], shared)
    return Case(cut[0], cut[1], cut[2], known, seed, whole, again, no_refit)


def _of_chosen(refit: Refit, chosen: Ints, shared: list[str]) -> Refit:
    """The same for rows of the firms that were chosen, with the columns of the case."""

    def again(rows: Ints, seed: int) -> Frame:
        made = refit(chosen[rows], seed)
        if missing := set(shared) - set(made.columns):
            raise SfbenchError("the method fitted again makes other columns", where="privacy", why=min(missing))
        return made.only(shared)

    return again


def _outside(frame: Frame, shared: list[str]) -> tuple[str, ...]:
    """Columns of the firm itself: words first, then numbers; what a register or a web page may tell."""
    own = [name for name in shared if ": " not in name]
    return tuple(
        [name for name in own if name in frame.words][:4] + [name for name in own if name in frame.numbers][:2]
    )
