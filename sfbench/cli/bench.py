"""`sfbench bench`: evaluation methods against planted truth."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders
from sfbench.cli.progress import parts_bar
from sfbench.cli.say import pick, print_json, print_table
from sfbench.errors import SfbenchError, did_you_mean

if TYPE_CHECKING:
    from sfbench.bench.certify import Certificate
    from sfbench.bench.score import Score


def run(
    scenario: o.Scenario,
    method: o.BenchMethods = None,
    variant: o.Variants = None,
    seeds: o.SeedRange = "50",
    jobs: o.Jobs = 1,
    out: o.OutBench = Path("bench"),
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Run methods on the worlds of a scenario and score them against what is known to be true there.

    Each instance is a world and its twin without the policy; a method sees a panel and a card, never the seed or truth.
    """
    import sfbench.content as found
    from sfbench.bench.instance import posed
    from sfbench.bench.results import keep
    from sfbench.bench.run import run as carry_out
    from sfbench.bench.score import scores
    from sfbench.world.variants import variants

    extra = folders(content)
    world = found.scenario(scenario, extra)
    trial = posed(world)
    names = o.names(method) or tuple(
        name for name in found.method_names(extra) if found.method(name, extra).spec.task == trial.task
    )
    chosen = o.names(variant) or variants(world)[:2]
    for name in chosen:
        if name not in variants(world):
            raise SfbenchError(f"unknown variant {name!r}", where="--variant", fix=did_you_mean(name, variants(world)))
    with parts_bar(world.name) as progress:
        answers = carry_out(
            world,
            variants=chosen,
            methods=names,
            seeds=numbers(seeds),
            out=out,
            jobs=jobs,
            extra=extra,
            progress=progress,
        )
    keep(answers, out)
    _show(scores(answers, trial.claim.naive if trial.claim else None), as_json, lang)
    if not as_json:
        print(pick(lang, trial.card_en, trial.card_zh))


def board(path: o.BenchFolder, as_json: o.Json = False, lang: o.Lang = "en") -> None:
    """The scores of all scenarios that were run into a folder."""
    from sfbench.bench.results import kept
    from sfbench.bench.score import scores

    _show(scores(kept(path)), as_json, lang)


def certify(
    scenario: o.Scenario,
    jobs: o.Jobs = 1,
    sample: o.SampleSeeds = None,
    out: o.OutBench = Path("bench"),
    write: o.WriteTo = None,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Recompute what a scenario claims: its naive method fails by at least x, its better one is within y.

    Exits 1 if the claim does not hold, or if the first seeds give other figures than the stored certificate.
    """
    import sfbench.content as found
    from sfbench.bench.certify import agrees, stored
    from sfbench.bench.certify import certify as recompute

    extra = folders(content)
    world = found.scenario(scenario, extra)
    count = None if sample is None else o.natural("--sample", sample)
    if count is not None and count < 2:
        raise SfbenchError("a sample has two seeds or more", where="--sample", fix="give --sample 20")
    with parts_bar(world.name) as progress:
        made = recompute(world, out, jobs=jobs, seeds=count, extra=extra, progress=progress)
    known = stored(world.name)
    same = known is None or agrees(known.sample, made.sample)
    if write is not None:
        write.write_text(json.dumps(asdict(made), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        print_json(asdict(made) | {"holds": made.holds, "as_stored": None if known is None else same})
    else:
        _say(made, known is not None, same, count, lang)
    if not (made.holds and same):
        raise typer.Exit(1)


def _say(made: Certificate, known: bool, same: bool, count: int | None, lang: o.Language) -> None:
    claim = made.claim
    yes, no = pick(lang, "holds", "成立"), pick(lang, "does not hold", "不成立")
    for name, bias, se, words, held in (
        (claim["naive"], made.naive_bias, made.naive_se, f">= {claim['fails_by']:g}", made.naive_fails),
        (claim["better"], made.better_bias, made.better_se, f"<= {claim['within']:g}", made.better_holds),
    ):
        print(f"{name}: |{bias:+.4f}| ({se:.4f}) {words}: {yes if held else no}")
    if count is not None:
        print(pick(lang, f"a sample of {count} seeds, no certificate", f"仅{count}个种子的抽样，并非证书"))
    if not known:
        print(pick(lang, "no certificate is stored: the scenario is experimental", "未存证书：该情景为实验性"))
    elif not same:
        print(pick(lang, "the first seeds differ from the stored certificate", "前几个种子与所存证书不一致"))


def numbers(text: str) -> range:
    """The seeds that `--seeds` names: `50` is 1 to 50, `1000-1199` is these. Raises SfbenchError for anything else."""
    first, dash, last = text.partition("-")
    if not first.isdigit() or (dash and not last.isdigit()):
        raise SfbenchError(f"--seeds {text!r} names no seeds", where="--seeds", fix="give 50, or 1000-1199")
    low, high = (int(first), int(last)) if dash else (1, int(first))
    if high < low:
        raise SfbenchError(f"--seeds {text!r} holds no seed", where="--seeds", fix="give 50, or 1000-1199")
    return range(low, high + 1)


_HEADINGS = (
    "scenario|情景",
    "variant|变体",
    "method|方法",
    "n|次数",
    "truth|真值",
    "bias|偏差",
    "MC se|误差",
    "RMSE|均方根误差",
    "coverage|覆盖率",
    "width|区间宽度",
    "claims|判为有效",
    "refused|拒答",
    "failed|失败",
)


def _show(found: Sequence[Score], as_json: bool, lang: o.Language) -> None:
    if as_json:
        records = [asdict(one) for one in found]
        print_json([{k: None if isinstance(v, float) and math.isnan(v) else v for k, v in r.items()} for r in records])
        return
    rows = [
        [
            *(one.scenario, one.variant, one.method, str(one.instances)),
            *(_number(x) for x in (one.truth, one.bias, one.bias_se, one.rmse, one.coverage, one.width, one.claims)),
            *(str(one.refusals), str(one.failures)),
        ]
        for one in sorted(found, key=lambda s: (s.scenario, s.variant, math.isnan(s.rmse), s.rmse))
    ]
    headings = [pick(lang, *heading.split("|")) for heading in _HEADINGS]
    print_table(headings, rows, right=range(3, len(headings)), whole=(2,))


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3f}"
