"""Works out the card of a copy: original against copy, with firms of the original that the model has not seen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sfbench import privacy
from sfbench.errors import SfbenchError
from sfbench.store import manifest
from sfbench.synth import card, fidelity, recipe, safety, sdmetrics_quality, source, split, utility
from sfbench.synth.card import Card, Figure
from sfbench.synth.learned import Learned, tops
from sfbench.synth.metadata import read_metadata
from sfbench.synth.method_ranks import method_ranks
from sfbench.synth.risk import risk_signal

FILES = ("card.json", "card.html")
# How far a metric may be off. An independent city of the same size has a third within a tenth, half within a fifth.
NEAR = 0.2


def report(
    original: Path,
    copy: Path,
    holdout: Path | None = None,
    *,
    thresholds: Path | None = None,
    metadata: Path | None = None,
    tables: Sequence[str] | None = None,
    seed: int = 0,
    most: int = 10_000,
    shadows: bool = True,
) -> Card:
    """The card of `copy`.

    holdout: tables with firms that were not learned; without it, those that the model kept out (the copy's manifest
    says which share). Without either no attack is judged. most: rows of a table at the top that
    attacks look at. shadows: fit the copy's method again, three times to a thousand firms at most, for
    `membership_shadow`; else a stand-in.
    Raises SfbenchError for folders that cannot be read, thresholds that are none, and without scikit-learn.
    """
    utility.require_sklearn()
    limits = card.thresholds(thresholds)
    said = _said(copy)
    own = None if metadata is None else read_metadata(metadata, original)
    names = list(tables or said.get("tables") or []) or None
    keep_out = 0.0 if holdout is not None else _kept_out(said, copy)
    read = source.read(original, names, own, keep_out=keep_out)
    train = read.learned
    own = own and read.specs  # in the copy a reference is the parent if it was in the original
    made = source.read(copy, names, own).learned
    unseen = None
    if holdout is not None:
        unseen = source.read(holdout, names, own).learned
    elif keep_out:
        unseen = source.read(original, names, own, keep_out=keep_out, kept=True).learned
    ours = set(train) if own is None else set[str]()  # our names say nothing of tables that a user declares
    figures = [*_fidelity(original, copy, train, made, limits.get("fidelity", {}), seed, ours)]
    figures += sdmetrics_quality.figures(train, made, limits.get("fidelity", {}), seed)
    several = len(tops(train)) > 1
    about: dict[str, Any] = {"attacked": []} if several else {}
    if planted := int(said.get("canaries", 0)):
        figures += safety.canaries(train, made, planted, limits.get("privacy", {}))
    if unseen is None:
        why = "no firms were held out", "没有留出企业"
        frames = {top: [privacy.firms(train, top), privacy.firms(made, top)] for top in tops(train)}
        figures += [card.missing("privacy", name, None, *why) for name in privacy.attack_names()]
        figures += [card.missing("utility", name, None, *why) for name in utility.TASKS]
    else:
        wanted = limits.get("privacy", {})
        quasi = {top: quasi_identifiers(read, top, own is not None) for top in tops(train)}
        found = safety.attacked(train, unseen, made, said, wanted, quasi=quasi, seed=seed, most=most, shadows=shadows)
        figures += found.figures
        about = {name: list(found.cases) for name in about}
        frames = {top: [learned, copied, held] for top, (learned, held, copied) in found.frames.items()}
        used = {top: utility.figures(c.train, c.holdout, c.copy, seed) for top, c in found.cases.items()}
        for name in utility.TASKS:
            by_top = {top: gains[name] for top, gains in used.items() if name in gains}
            figures.append(card.worst("utility", name, by_top, limits.get("utility", {}).get(name), several))
    ranks = method_ranks(original, copy) if own is None else float("nan")
    figures.append(card.of_figure("utility", "method_ranks", ranks, limits.get("utility", {}).get("method_ranks")))
    apart = {top: utility.told_apart(sides[0], sides[1], seed) for top, sides in frames.items()}
    figures.append(card.worst("fidelity", "told_apart", apart, limits.get("fidelity", {}).get("told_apart"), several))
    order = ("privacy", "fidelity", "utility")
    figures.sort(key=lambda figure: order.index(figure.section))
    about = {
        "original": original.name,
        "copy": copy.name,
        "method": said.get("method", ""),
        "options": said.get("options", {}),
        "firms": [frame.rows for frame in frames[tops(train)[0]]],
        "seed": seed,
        **about,
    }
    return Card(tuple(figures), about)


def _kept_out(said: Mapping[str, Any], copy: Path) -> float:
    """The share of firms that the copy's model did not learn. Raises SfbenchError if it is not known which."""
    share = float(said.get("keep_out", 0.0))
    if share and said.get("held_out_by") != split.BY_KEY:
        why = "which firms were held out cannot be told any more"
        fix = "sample again from a new model, or give --holdout DIR"
        raise SfbenchError("the copy was made by an earlier sfbench", where=str(copy), why=why, fix=fix)
    return share


def _said(copy: Path) -> dict[str, Any]:
    if not (copy / manifest.NAME).exists():
        return {}
    return dict(manifest.read(copy).scenario.get("model", {}))


def quasi_identifiers(read: source.Source, top: str, own: bool) -> tuple[str, ...]:
    """What the declaration of a table at the top calls quasi-identifiers, or what its recipe learns in their place."""
    if said := recipe.recipe_of(top, own):
        return said.outsiders_know
    return tuple(column.name for column in read.specs[top].columns if column.privacy == "quasi")


def _fidelity(
    original: Path,
    copy: Path,
    train: dict[str, Learned],
    made: dict[str, Learned],
    limits: dict[str, dict[str, float]],
    seed: int,
    ours: set[str],
) -> list[Figure]:
    found = fidelity.figures(train, made, seed)
    found["risk_signal"] = risk_signal(original, copy) if "loan_balance" in ours else float("nan")
    found["plan_metrics"] = _metrics(original, copy) if "loan" in ours else float("nan")
    return [card.of_figure("fidelity", name, value, limits.get(name)) for name, value in found.items()]


def _metrics(original: Path, copy: Path) -> float:
    """Share of the plan's metrics (last value of the total) that both have and that differ by at most a fifth."""
    from sfbench.metrics import evaluate_folder

    sides = []
    for folder in (original, copy):
        table = evaluate_folder(folder, cuts=["total"]).table
        rows = zip(*(table[c].to_pylist() for c in ("metric", "component", "period", "value")), strict=True)
        last = {(metric, component): value for metric, component, period, value in rows if value is not None and period}
        sides.append(last)
    shared = [key for key in sides[0] if key in sides[1] and sides[0][key]]
    if not shared:
        return float("nan")
    return float(np.mean([abs(sides[1][key] / sides[0][key] - 1) <= NEAR for key in shared]))


def write(found: Card, out: Path, lang: str) -> None:
    """`FILES` in the folder `out`. Raises SfbenchError if they cannot be written."""
    from sfbench.store.files import write_whole
    from sfbench.synth.page import page

    try:
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(found.record(), ensure_ascii=False, indent=1) + "\n"
        for name, content in zip(FILES, (text, page(found, lang)), strict=True):
            write_whole(out / name, content.encode())
    except OSError as error:
        raise SfbenchError("the card cannot be written", where=str(out), why=str(error)) from error
