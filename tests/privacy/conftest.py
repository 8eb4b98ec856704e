"""One city as the original, cut into learned and held-out firms; another seed of it as a copy that is surely safe."""

import numpy as np
import pytest

import sfbench
from sfbench import privacy
from sfbench.privacy import Frame
from sfbench.privacy.scale import Scale, nearest
from sfbench.synth import source

TABLES = ["enterprise", "loan", "loan_balance", "product", "institution", "industry", "month", "district", "cluster"]
FIRMS = 2500


def city(folder, seed):
    sfbench.generate("baseline", scale=0.01, seed=seed, tables=TABLES, out=folder)
    return privacy.firms(source.read(folder, ["enterprise", "loan", "loan_balance"]).learned)


def learned_and_held_out(frame, seed):
    """The city, cut into firms that were learned and as many that were not."""
    order = np.random.default_rng(seed).permutation(frame.rows)
    return frame.take(order[:FIRMS]), frame.take(order[FIRMS : 2 * FIRMS])


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    return city(tmp_path_factory.mktemp("privacy") / "original", 71)


@pytest.fixture(scope="session")
def original(whole):
    return learned_and_held_out(whole, 0)


@pytest.fixture(scope="session")
def independent(tmp_path_factory):
    return city(tmp_path_factory.mktemp("privacy") / "independent", 72).take(np.arange(FIRMS))


def coded(random, rows, columns):
    """Codes alone, few of them frequent: who is drawn later is often somebody who was there."""
    codes = np.array([f"w{code}" for code in range(13)])
    return Frame({}, {f"c{at}": codes[np.minimum(random.zipf(1.4, rows), 12)] for at in range(columns)})


def noisy(frame, share, seed=1):
    """Every number that is no code, moved by a normal share of itself."""
    random = np.random.default_rng(seed)
    numbers = {
        name: column * (1 + share * random.standard_normal(len(column))) if len(np.unique(column)) > 100 else column
        for name, column in frame.numbers.items()
    }
    return Frame(numbers, frame.words)


def memorised(frame, share=0.1, seed=5):
    """What a model gives out that has learned firms by heart: each on the way to its neighbour, by at most `share`."""
    random = np.random.default_rng(seed)
    points = Scale.of(frame).points(frame)
    row = random.integers(0, frame.rows, frame.rows)
    beside = nearest(points, points, 1, itself=True)[1][row, 0]
    part = share * random.random(frame.rows)
    numbers = {
        name: np.where(np.isnan(column[beside]), column[row], column[row] + part * (column[beside] - column[row]))
        for name, column in frame.numbers.items()
    }
    return Frame(numbers, {name: column[row] for name, column in frame.words.items()})


def mixed(frame, part, rows):
    """The frame with its first rows replaced by `rows` of the part."""
    join = np.concatenate
    numbers = {n: join([part.numbers[n][:rows], c[rows:]]) for n, c in frame.numbers.items()}
    return Frame(numbers, {n: join([part.words[n][:rows], c[rows:]]) for n, c in frame.words.items()})


def drawn(frame):
    """Firms drawn with replacement."""
    return frame.take(np.random.default_rng(2).integers(0, frame.rows, frame.rows))


@pytest.fixture(scope="session")
def methods(independent):
    """What makes each copy of the firms that it learns: the attacker runs it, too."""
    return {
        "independent draw": lambda frame: independent.take(np.arange(frame.rows)),
        "bootstrap copy": drawn,
        "copy with 2 % noise": lambda frame: noisy(frame, 0.02),
        "memorising model": memorised,
        "0.5 % copied": lambda frame: mixed(independent.take(np.arange(frame.rows)), frame, round(0.005 * frame.rows)),
        "1 % near copies": lambda frame: mixed(
            independent.take(np.arange(frame.rows)), noisy(frame, 0.002), round(0.01 * frame.rows)
        ),
    }


@pytest.fixture(scope="session")
def copies(original, methods):
    return {name: method(original[0]) for name, method in methods.items()}


@pytest.fixture(scope="session")
def outcomes(original, copies, methods):
    train, holdout = original

    def found(name, copy):
        def refit(rows, seed):
            return methods[name](holdout.take(rows))

        return privacy.attacked(privacy.case(train, holdout, copy, seed=3, refit=refit))

    return {name: {o.attack: o for o in found(name, copy)} for name, copy in copies.items()}
