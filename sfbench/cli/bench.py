"""`sfbench bench`: evaluation methods against planted truth."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders
from sfbench.cli.new_file import keep_what_is_there
from sfbench.cli.progress import parts_bar
from sfbench.cli.say import pick, print_json, print_table
from sfbench.errors import SfbenchError

if TYPE_CHECKING:
    from sfbench.bench.certify import Certificate
    from sfbench.bench.run import Answer
    from sfbench.bench.score import Score

_MOST = 1_000_000  # seeds of a run


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

    A method sees the tables that its question names, as reported, and a card; never the seed, the variant or the truth.
    """
    import sfbench.content as found
    from sfbench.bench.instance import posed
    from sfbench.bench.questions import question
    from sfbench.bench.results import keep
    from sfbench.bench.run import answers_to
    from sfbench.bench.run import run as carry_out
    from sfbench.bench.score import best_first, scores
    from sfbench.bench.tasks import task

    extra = folders(content)
    world = found.scenario(scenario, extra)
    trial = posed(world)
    asked = question(trial.question, extra)
    names = o.names("--method", method) or tuple(
        name for name in found.method_names(extra) if answers_to(found.method(name, extra), asked)
    )
    chosen = _variants(variant)
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
    _show(best_first(scores(answers), task(asked.task).headline), as_json, lang)
    _say_why(answers, lang)
    if not as_json:
        print(pick(lang, trial.card_en, trial.card_zh))


def _say_why(answers: Sequence[Answer], lang: o.Language) -> None:
    """Of each method that failed, the first reason, on stderr."""
    from sfbench.error_words import in_chinese

    failed = {answer.method: answer for answer in reversed(answers) if answer.kind == "failed"}
    for name in dict.fromkeys(answer.method for answer in answers if answer.kind == "failed"):
        why = failed[name].why
        foreign = re.match(r"\w+: ", why)  # what the method's own error says, it says
        zh = why if foreign else "；".join(map(in_chinese, why.split("; ")))
        print(pick(lang, f"{name} failed, first with: {why}", f"{name}失败，首个原因：{zh}"), file=sys.stderr)


def pose(
    scenario: o.Scenario,
    variant: o.Variants = None,
    seeds: o.SeedRange = "20",
    jobs: o.Jobs = 1,
    out: o.OutBench = Path("bench"),
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Write instances for methods that run elsewhere: OUT/instances/ID/*.parquet and OUT/cards/SCENARIO.json.

    `sfbench bench score` takes their answers. The truth is in OUT/truth: keep it from whoever answers.
    """
    import sfbench.content as found
    from sfbench.bench.shelf import cards
    from sfbench.bench.shelf import pose as carry_out

    extra = folders(content)
    world = found.scenario(scenario, extra)
    chosen = _variants(variant)
    with parts_bar(world.name) as progress:
        made = carry_out(
            world, variants=chosen, seeds=numbers(seeds), out=out, jobs=jobs, extra=extra, progress=progress
        )
    told = [str(out / "cards" / f"{name}.json") for name, _ in cards(world, chosen, extra).values()]
    told = list(dict.fromkeys(told))
    if as_json:
        print_json({"cards": told, "instances": list(made.values())})
        return
    count = len(made)
    print(pick(lang, f"{count} instances in {out / 'instances'}", f"{count}个实例，位于 {out / 'instances'}"))
    print(pick(lang, f"the card: {', '.join(told)}", f"任务卡：{'、'.join(told)}"))


def score(
    submission: o.Submission,
    out: o.OutBench = Path("bench"),
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Score answers that were worked out elsewhere: a Parquet file with `instance_id` and the answers.

    Of estimates: value (null: refused), low, high. Of keys: the key's columns, score, and perhaps flagged.
    """
    from sfbench.bench.score import scores
    from sfbench.bench.submission import submitted

    answers = submitted(submission, out, folders(content))
    _show(scores(answers), as_json, lang)
    _say_why(answers, lang)


def new(
    kind: Annotated[Literal["method"], typer.Argument(help="What to write.")],
    name: o.NewName,
    content: o.ContentHome,
    sql: o.AsSql = False,
    lang: o.Lang = "en",
) -> None:
    """Write a method that works as it stands, in Python or SQL."""
    from sfbench.cli.new import write

    write("bench query" if sql else "bench method", name, content, lang)


def _variants(wished: list[str] | None) -> tuple[str, ...]:
    from sfbench.world.variants import MAIN, NULL_TWIN

    return o.names("--variant", wished) or (MAIN, NULL_TWIN)


def board(
    path: o.BenchFolder,
    out: o.BoardFile = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """The scores of all scenarios that were run into a folder, then average ranks by task."""
    from sfbench.bench.board import board as gather
    from sfbench.bench.board import write

    o.writable("--out", out)
    if out is not None:
        keep_what_is_there(out, force)
    found = gather(path, folders(content))
    if out is not None:
        write(found, out, lang)
        print(out)
        return
    every = [score for _, scores in found.tables for score in scores]
    if as_json:
        print_json({"scores": [_record(one) for one in every], "ranks": found.records()})
        return
    _show(every, False, lang)
    for words, ranks in found.rankings:
        cases = pick(lang, f"{len(ranks.cases)} cases", f"{len(ranks.cases)}例")
        apart = "" if math.isnan(ranks.critical_difference) else f", CD {ranks.critical_difference:.2f}"
        print(f"{pick(lang, words[1], words[0])}: {pick(lang, 'average rank', '平均名次')} ({cases}{apart})")
        rows = [[one.method, _number(one.mean), _number(one.low), _number(one.high), one.group] for one in ranks.ranks]
        headings = [("method", "方法"), ("mean rank", "平均名次"), ("low", "下限"), ("high", "上限"), ("group", "组")]
        print_table([pick(lang, *heading) for heading in headings], rows, right=range(1, 4), whole=(0,))


def size(
    path: o.BenchFolder,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """How often methods claimed an effect where there is none, with the 99 % interval of that rate.

    Of all that was run into a folder with a true effect of 0. A 95 % interval promises 5 %: `too often` and `seldom`
    leave it out of the interval.
    """
    from sfbench.bench.results import kept
    from sfbench.bench.size import sizes

    found = sizes(kept(path))
    if not found:
        fix = "run `sfbench bench run SCENARIO --variant null_twin --out DIR` first"
        raise SfbenchError("no world without an effect was run here", where=str(path), fix=fix)
    if as_json:
        print_json([asdict(one) | {"rate": one.rate, "verdict": one.verdict} for one in found])
        return
    words = {"holds": "成立", "too often": "过高", "seldom": "偏低"}
    heads = [("variant", "变体"), ("method", "方法"), ("n", "次数"), ("claims", "误判"), ("rate", "误判率")]
    heads += [("low", "下限"), ("high", "上限"), ("5 %", "5%")]
    for scenario in dict.fromkeys(one.scenario for one in found):
        rows = []
        for one in (each for each in found if each.scenario == scenario):
            numbers = [_number(value) for value in (one.rate, one.low, one.high)]
            said = pick(lang, one.verdict, words[one.verdict])
            rows.append([one.variant, one.method, str(one.instances), str(one.claims), *numbers, said])
        print(scenario)
        print_table([pick(lang, *head) for head in heads], rows, right=range(2, 7), whole=(1,))


def certify(
    scenario: o.Scenario,
    jobs: o.Jobs = 1,
    sample: o.SampleSeeds = None,
    out: o.OutBench = Path("bench"),
    write: o.WriteTo = None,
    force: o.Force = False,
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
    o.writable("--write", write)
    if write is not None:
        keep_what_is_there(write, force, "--write")
    count = None if sample is None else _few("--sample", o.natural("--sample", sample))
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
    from sfbench.bench.figures import FIGURES, loss

    claim = made.claim
    yes, no = pick(lang, "holds", "成立"), pick(lang, "does not hold", "不成立")
    figure = pick(lang, *reversed(FIGURES[claim["figure"]]))
    for name, value, se, words, held in (
        (claim["naive"], made.naive, made.naive_se, f">= {claim['fails_by']:g}", made.naive_fails),
        (claim["better"], made.better, made.better_se, f"<= {claim['within']:g}", made.better_holds),
    ):
        lost = loss(claim["figure"], value)
        lost_words = pick(lang, "loss", "损失")
        print(f"{name}: {figure} {value:+.4f} ({se:.4f}), {lost_words} {lost:.4f} {words}: {yes if held else no}")
    if count is not None:
        print(pick(lang, f"a sample of {count} seeds, no certificate", f"仅{count}个种子的抽样，并非证书"))
    if not known:
        print(pick(lang, "no certificate is stored: the scenario is experimental", "未存证书：该情景为实验性"))
    elif not same:
        print(pick(lang, "the first seeds differ from the stored certificate", "前几个种子与所存证书不一致"))


def numbers(text: str) -> Sequence[int]:
    """The seeds that `--seeds` names: `50` is 1 to 50, `1000-1199` is these, `private:20` are drawn.

    Raises SfbenchError for anything else.
    """
    from sfbench.world.seal import PRIVATE, sealed

    word, colon, count = text.partition(":")
    if word == PRIVATE and colon and count.isdecimal() and int(count):
        return [sealed().seed for _ in range(_few("--seeds", int(count)))]
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise SfbenchError(f"--seeds {text!r} names no seeds", where="--seeds", fix="give 50, or 1000-1199")
    low, high = (int(first), int(last)) if dash else (1, int(first))
    if high < low:
        raise SfbenchError(f"--seeds {text!r} holds no seed", where="--seeds", fix="give 50, or 1000-1199")
    return range(low, low + _few("--seeds", high - low + 1))


def _few(option: str, count: int) -> int:
    """A number of seeds that is no slip of the hand: an instance takes seconds. Raises SfbenchError."""
    if count > _MOST:
        raise SfbenchError(f"{count} seeds are too many", where=option, why=f"a run has {_MOST} at most")
    return count


def _show(found: Sequence[Score], as_json: bool, lang: o.Language) -> None:
    """A table a scenario, as tasks have figures of their own."""
    from sfbench.bench.figures import FIGURES

    if as_json:
        print_json([_record(one) for one in found])
        return
    for scenario in dict.fromkeys(one.scenario for one in found):
        mine = [one for one in found if one.scenario == scenario]
        figures = [name for name in FIGURES if any(name in one.figures for one in mine)]
        rows = []
        for one in mine:
            bias_se = [_number(one.figures.get("bias", (0.0, math.nan))[1])] if "bias" in figures else []
            cells = [_number(one.mean(name)) for name in figures]
            head = [one.variant, one.method, str(one.instances)]
            truth = [_number(one.truth)] if "bias" in figures else []
            rows.append([*head, *truth, *cells[:1], *bias_se, *cells[1:], str(one.refusals), str(one.failures)])
        names = [pick(lang, *reversed(FIGURES[name])) for name in figures]
        if "bias" in figures:
            names = [pick(lang, "truth", "真值"), names[0], pick(lang, "MC se", "误差"), *names[1:]]
        headings = [pick(lang, *words) for words in (("variant", "变体"), ("method", "方法"), ("n", "次数"))] + names
        headings += [pick(lang, "refused", "拒答"), pick(lang, "failed", "失败")]
        print(scenario)
        print_table(headings, rows, right=range(2, len(headings)), whole=(1,))


def _record(one: Score) -> dict[str, Any]:
    """A score as JSON has it: nan is null."""
    flat = asdict(one) | {"truth": None if math.isnan(one.truth) else one.truth}
    values = {name: {"mean": mean, "se": None if math.isnan(se) else se} for name, (mean, se) in one.figures.items()}
    return flat | {"figures": values}


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:z.3f}"
