"""What holds between the steps of a method: each may be sound alone and senseless beside another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sfbench.assess.spec import Method, Step
from sfbench.assess.steps import DIRECTED
from sfbench.assess.weights.ahp import consistency, judgements
from sfbench.errors import SfbenchError, did_you_mean, raise_all

ORIENTED = ("borda", "copeland", "kemeny", "topsis", "vikor", "promethee_ii")  # they take the direction themselves


def compatible(method: Method) -> None:
    """Raises SfbenchError, all at once, for steps that do not go together; quick enough for every replicate."""
    raise_all([*_scored(method), *_goalposts(method), *_directions(method), *_weights(method), *_bands(method)])


def _scored(method: Method) -> Iterator[SfbenchError]:
    if not method.scored:
        yield SfbenchError("no indicator is scored", where=method.where, fix="give one the role `scored`")


def _goalposts(method: Method) -> Iterator[SfbenchError]:
    for name in method.scored:
        indicator = method.indicators[name]
        posts = indicator.goalposts
        if (indicator.normalise or method.normalise).kind == "goalposts" and posts is None:
            yield SfbenchError(
                f"indicator {name!r} has no goalposts", where=indicator.where, fix="add `goalposts: [low, high]`"
            )
        if posts is not None and not posts[0] < posts[1]:
            fix = "give [low, high], low below high"
            yield SfbenchError(f"goalposts of {name!r} do not rise: {posts}", where=indicator.where, fix=fix)


def _directions(method: Method) -> Iterator[SfbenchError]:
    for name in method.scored:
        indicator = method.indicators[name]
        step = indicator.normalise or method.normalise
        if indicator.direction == "down" and step.kind == "pro_rata":
            why = "pro_rata gives its points for more"
            yield _error(step, f"less is better of {name!r}, and nothing turns it", why, "name another normalisation")
        if method.aggregate.kind not in ORIENTED and indicator.direction == "down" and step.kind in DIRECTED:
            why = f"{step.kind} keeps the direction of the figures, and {method.aggregate.kind} adds them up"
            yield _error(step, f"less is better of {name!r}, and nothing turns it", why, "name another normalisation")


def _weights(method: Method) -> Iterator[SfbenchError]:
    step, aggregate = method.weights, method.aggregate
    if step.kind == "bod" and aggregate.kind != "arithmetic":
        why = "its weights of each unit make a sum the best, and no other aggregation"
        yield _error(step, f"bod does not go with {aggregate.kind}", why, "name `arithmetic`, or other weights")
    for choice in (step, *method.alternatives.get("weights", ())):
        yield from _sound(method, choice)


def _sound(method: Method, step: Step) -> Iterator[SfbenchError]:
    """What is wrong with weights by themselves, be they the method's own or an alternative."""
    if step.kind in ("given", "pillars"):
        values = step.options["values"]
        negative = [name for name, value in values.items() if value < 0]
        if negative:
            yield _error(step, f"weights below 0: {', '.join(negative)}", "", "give weights of at least 0 with sum 1")
        elif abs(sum(values.values()) - 1) > 1e-6:
            yield _error(step, f"weights sum to {sum(values.values()):g}", "", "give weights of at least 0 with sum 1")
    if step.kind == "ahp":
        try:
            consistency(judgements(step.options["comparisons"], method.scored))
        except SfbenchError as error:
            yield _error(step, error.what, error.why, error.fix)


def _bands(method: Method) -> Iterator[SfbenchError]:
    bands = [band.id for band in method.bands.options.get("bands", ())]
    if twice := [name for name, count in Counter(bands).items() if count > 1]:
        yield _error(method.bands, f"bands have the same id: {', '.join(twice)}", "", "give each band its own")
    for rule in method.veto:
        effect, to = rule.options["effect"], rule.options["to"]
        if effect == "band_at_most" and to not in bands:
            fix = did_you_mean(str(to), bands) or "declare bands"
            yield _error(rule, f"`to` of a veto on bands names no band: {to!r}", "", fix)
        if effect == "score_at_most" and not isinstance(to, float):
            yield _error(rule, f"`to` of a veto on scores is no number: {to!r}", "", "give the highest score")
        if effect == "rank_last" and to is not None:
            yield _error(rule, f"`to` of rank_last has no meaning: {to!r}", "", "write `to: null`")


def _error(step: Step, what: str, why: str, fix: str) -> SfbenchError:
    return SfbenchError(what, where=step.where, why=why, fix=fix)
