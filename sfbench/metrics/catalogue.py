"""All metric and mart files, built-in and a user's own, checked against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sfbench.content import listing
from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.metrics.header import parse_mart, parse_metric
from sfbench.metrics.mart import Mart
from sfbench.spec import Metric, Need

T = TypeVar("T", Metric, Mart)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Metrics and marts by name, sorted, and what each of them reads."""

    metrics: Mapping[str, Metric]
    marts: Mapping[str, Mart]
    needs: Mapping[str, tuple[Need, ...]]  # by name of a metric or mart

    def marts_of(self, name: str) -> list[Mart]:
        """The marts under a metric or mart, each after those that it reads."""
        found: dict[str, Mart] = {}
        for need in self.needs[name]:
            if need.name in self.marts:
                found |= {mart.id: mart for mart in self.marts_of(need.name)}
                found[need.name] = self.marts[need.name]
        return list(found.values())

    def tables_of(self, name: str) -> list[Need]:
        """The tables and columns that a metric reads itself or through its marts, in order of their first mention."""
        columns: dict[str, dict[str, None]] = {}
        for reader in (*(mart.id for mart in self.marts_of(name)), name):
            for need in self.needs[reader]:
                if need.name not in self.marts:
                    columns.setdefault(need.name, {}).update(dict.fromkeys(need.columns))
        return [Need(table, tuple(names)) for table, names in columns.items()]

    def choose(self, names: Iterable[str] | None, measures: Iterable[int] | None) -> list[Metric]:
        """The metrics of these names and measures, by measure and name; SfbenchError for an unknown one, or none."""
        errors: list[SfbenchError] = []
        wanted = set(self.metrics if names is None else names)
        for name in sorted(wanted - set(self.metrics)):
            errors.append(SfbenchError(f"no metric {name!r}", fix=did_you_mean(name, self.metrics)))
        known = {metric.measure for metric in self.metrics.values()}
        of_measures = known if measures is None else set(measures)
        for measure in sorted(of_measures - known):
            have = ", ".join(map(str, sorted(known)))
            errors.append(
                SfbenchError(
                    f"no metric of measure {measure}",
                    fix=f"measures with metrics: {have}",
                )
            )
        raise_all(errors)
        chosen = [m for m in self.metrics.values() if m.id in wanted and m.measure in of_measures]
        if not chosen:
            why = "no metric has both the name and the measure" if names and measures else "nothing is named"
            raise SfbenchError("no metric is chosen", why=why, fix="name one, or leave the choice out")
        return sorted(chosen, key=lambda metric: (metric.measure, metric.id))


def catalogue(content: Iterable[Path] = ()) -> Catalogue:
    """Reads every file; raises the errors of all of them at once."""
    extra = tuple(content)
    errors: list[SfbenchError] = []
    metric_files, mart_files = listing("metrics", extra), listing("marts", extra)
    for name in sorted(set(metric_files) & set(mart_files)):
        why = f"{mart_files[name]} is a mart of that name"
        errors.append(
            SfbenchError(
                f"a metric and a mart are called {name!r}",
                where=str(metric_files[name]),
                why=why,
            )
        )
    for name in sorted(set(mart_files) & set(listing("generators", extra))):
        errors.append(
            SfbenchError(
                f"a mart and a table are called {name!r}",
                where=str(mart_files[name]),
                fix="rename the mart",
            )
        )
    metrics = _read_all(metric_files, parse_metric, errors)
    marts = _read_all(mart_files, parse_mart, errors)
    read: dict[str, Metric | Mart] = {**marts, **metrics}
    needs = {name: one.needs for name, one in read.items()}
    known = set(mart_files) | set(listing("generators", extra))
    for one in read.values():
        errors += [_unknown(one, need, known) for need in one.needs if need.name not in known and not need.columns]
    errors += [error for mart in marts.values() for error in _kept_from(mart, marts)]
    raise_all(errors)
    for mart in marts.values():
        _check_circle(mart, needs, (mart.id,))
    return Catalogue(metrics, marts, needs)


def _read_all(files: Mapping[str, Path], parse: Callable[[Path], T], errors: list[SfbenchError]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, path in files.items():
        try:
            found[name] = parse(path)
        except SfbenchError as error:
            errors.append(error)
    return found


def _unknown(reader: Metric | Mart, need: Need, known: set[str]) -> SfbenchError:
    what = f"needs an unknown mart or table {need.name!r}"
    return SfbenchError(what, where=reader.where, fix=did_you_mean(need.name, known))


def _kept_from(mart: Mart, marts: Mapping[str, Mart]) -> Iterator[SfbenchError]:
    """What a mart says that it can spare of a mart below, which cannot be built without it."""
    for _, need in mart.optional:
        if below := marts.get(need.name):
            outputs = {spare.output for spare in below.optional}
            for column in sorted({*need.columns} - outputs):
                name = f"{below.id}.{column}"
                what = f"{name!r} is optional, but its mart cannot be built without it"
                yield SfbenchError(what, where=mart.where, fix=did_you_mean(column, outputs))


def _check_circle(mart: Mart, needs: Mapping[str, tuple[Need, ...]], path: tuple[str, ...]) -> None:
    for need in needs.get(path[-1], ()):
        if need.name in path:
            why = " -> ".join((*path, need.name))
            raise SfbenchError(
                "marts need each other in a circle",
                where=mart.where,
                why=why,
                fix="break it in `needs`",
            )
        _check_circle(mart, needs, (*path, need.name))
