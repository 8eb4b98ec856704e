"""How often `sfbench synth report` accuses a safe copy: cards of copies that know nothing of who was learned.

    python benchmarks/false_alarms.py --firms 400 --cards 100     # cuts of one large city: learned, held out, copied
    python benchmarks/false_alarms.py --methods linked,marginals_dp --cards 12   # a city a card, really fitted

The copies of the first kind are other firms of the city: as they are (`draw`), with each column or each table shuffled
by itself (`columns`, `tables`: poor copies lie far from all firms), with amounts off by a factor of two (`far`). Those
of the second are of 7,143 firms, 30 % of them kept out. A line counts cards: with an attack beyond its threshold, with
a `risk_low` above 0, not judged, within.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import sfbench
from sfbench import privacy
from sfbench.privacy import Frame, Outcome
from sfbench.synth import card, shadow, source
from sfbench.synth.methods import method_named

LEARNED = ["enterprise", "loan", "loan_balance"]
REGISTERS = ["product", "institution", "industry", "month", "district", "cluster"]
COPIED = 1.4  # rows of a copy for each learned firm: 30 % are kept out


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--firms", type=int, default=400, help="learned firms, and held-out ones")
    options.add_argument("--cards", type=int, default=100)
    options.add_argument("--methods", default="", help="fit these in place of cuts of a city")
    wish = options.parse_args()
    limits = card.thresholds()["privacy"]
    found = fitted(wish.methods.split(","), wish.cards) if wish.methods else cut(wish.firms, wish.cards)
    print("| copy | cards | beyond | risk_low above 0 | not judged | within |\n|---|---|---|---|---|---|", flush=True)
    for name, cards in found:
        safe = [card.Card(tuple(card.of_attack(o, limits[o.attack]) for o in one), {}).safe for one in cards]
        shown = sum(any(o.risk_low > 0 for o in one) for one in cards)
        counts = [safe.count("beyond"), shown, safe.count("not judged"), safe.count("within")]
        print(f"| {name} | {len(cards)} |", " | ".join(map(str, counts)), "|", flush=True)


def cut(firms: int, cards: int) -> Iterator[tuple[str, list[list[Outcome]]]]:
    """Four kinds of copies of a city of 142,857 firms."""
    with tempfile.TemporaryDirectory() as folder:
        city = Path(folder) / "city"
        sfbench.generate("baseline", scale=0.2, seed=7, tables=[*LEARNED, *REGISTERS], out=city)
        whole = privacy.firms(source.read(city, LEARNED).learned)
    for kind in ("draw", "columns", "tables", "far"):
        yield kind, [_of_cut(whole, kind, firms, seed) for seed in range(cards)]


def _of_cut(whole: Frame, kind: str, firms: int, seed: int) -> list[Outcome]:
    random, copied = np.random.default_rng([seed, firms, *kind.encode()]), round(firms * COPIED)
    order = random.permutation(whole.rows)
    train, holdout, others, more = (
        whole.take(np.sort(rows)) for rows in np.split(order, np.cumsum([firms, firms, copied, copied]))[:4]
    )

    def refit(rows: np.ndarray, seed: int) -> Frame:
        fresh = np.random.default_rng(seed)
        return _made(more.take(fresh.permutation(more.rows)[: len(rows)]), kind, fresh)

    return privacy.attacked(privacy.case(train, holdout, _made(others, kind, random), seed=seed, refit=refit))


def _made(frame: Frame, kind: str, random: np.random.Generator) -> Frame:
    """A copy of one kind: columns that keep together are moved together."""
    if kind == "draw":
        return frame
    orders: dict[str, np.ndarray] = {}

    def moved(name: str, column: np.ndarray) -> np.ndarray:
        together = name.rpartition(": ")[0] if kind == "tables" else name
        return column[orders.setdefault(together, random.permutation(frame.rows))]

    numbers = {name: moved(name, column) for name, column in frame.numbers.items()}
    if kind == "far":
        amounts = {name: column for name, column in numbers.items() if len(np.unique(column)) > 100}
        numbers |= {name: c * np.exp(0.7 * random.standard_normal(len(c))) for name, c in amounts.items()}
    return Frame(numbers, {name: moved(name, column) for name, column in frame.words.items()})


def fitted(methods: list[str], cards: int) -> Iterator[tuple[str, list[list[Outcome]]]]:
    """Copies by these methods of a small city each."""
    for name in methods:
        yield name, [_of_fitted(name, seed) for seed in range(cards)]


def _of_fitted(name: str, seed: int) -> list[Outcome]:
    method = method_named(name)
    with tempfile.TemporaryDirectory() as folder:
        city = Path(folder) / "city"
        sfbench.generate("baseline", scale=0.01, seed=500 + seed, tables=[*LEARNED, *REGISTERS], out=city)
        learned, unseen = (source.read(city, LEARNED, keep_out=0.3, kept=kept).learned for kept in (False, True))
    settings = method.settings({})
    tops = {"enterprise": round(learned["enterprise"].rows / 0.7)}
    copy = privacy.firms(method.draw(method.fit(learned, settings), tops, seed))
    again = shadow.refit(unseen, {"method": name, "options": settings})
    return privacy.attacked(privacy.case(privacy.firms(learned), privacy.firms(unseen), copy, seed=seed, refit=again))


if __name__ == "__main__":
    main()
