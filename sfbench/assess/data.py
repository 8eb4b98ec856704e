"""What a method is applied to: the panel of a dataset's banks, with their names and what no bank reported."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.assess.calendar import A_YEAR, ended, last_month, name, number_of
from sfbench.assess.figures import indicator_values, missing_figures, put_own
from sfbench.assess.indicators import CUT, figures_asked, unit_of, unsound
from sfbench.assess.own_figures import METRIC, read_own
from sfbench.assess.panel import NotAssessable, Panel
from sfbench.assess.spec import Method, Step
from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.kit import code_list
from sfbench.metrics import catalogue, evaluate
from sfbench.metrics.latest import last_published
from sfbench.spec import Table
from sfbench.store import manifest
from sfbench.store.read import open_usable


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What a method is applied to: names of the banks in both languages, by unit, and what no bank reported."""

    panel: Panel
    zh: Mapping[str, str]
    en: Mapping[str, str]
    missing: Mapping[str, str]  # indicator -> why the dataset has no figure of it
    unit: Mapping[str, str]  # indicator -> unit of its figure before transforms, empty where it is not known
    projected: bool = False  # the assessed period ends after the last published month


def read_folder(
    method: Method,
    path: Path,
    *,
    period: str | None = None,
    own: Path | None = None,
    as_of: datetime.date | None = None,
    content: Sequence[Path] = (),
    declared: Mapping[str, Table] | None = None,
    figures: pa.Table | None = None,
) -> Data:
    """`read_data` of a dataset, or of a folder with a user's own tables, which are a whole city."""
    ours = (path / manifest.NAME).exists()
    opened = open_usable(path, as_of=as_of, declared=declared)
    try:
        return read_data(
            method,
            opened.connection,
            scale=manifest.read(path).scale if ours else 1.0,
            period=period,
            own=own,
            content=content,
            defects=None if ours else {defect.name: defect.why for defect in opened.defects},
            figures=figures,
        )
    finally:
        opened.connection.close()


def read_data(
    method: Method,
    connection: duckdb.DuckDBPyConnection,
    *,
    scale: float,
    period: str | None = None,
    own: Path | None = None,
    content: Sequence[Path] = (),
    defects: Mapping[str, str] | None = None,
    figures: pa.Table | None = None,
) -> Data:
    """The panel of a method: all banks of the dataset, and as many periods as the method looks at, with a year more.

    Figures of a part of a city (`scale` below 1) are those of a whole city. `period` is a period's name (2025Q4); by
    default the last one with published figures. `own` is a CSV as `own_figures` reads it; `defects` as for
    `metrics.evaluate`. `figures` is a long table of the same data: its figures are taken if it has those by bank of
    every metric of the method, else they are computed. Raises SfbenchError, all at once, for a metric, component or
    cut that is not there, a metric that is rarer than the method's period, or a period without figures.
    """
    everything = catalogue(content)
    known = everything.metrics
    raise_all(list(unsound(method, known)))
    banks = _banks(connection)
    raise_all(list(_strange_groups(method, banks["bank_type"].to_pylist())))
    metrics = sorted({metric for _, metric, _ in figures_asked(method)} - {METRIC})
    table = figures if _holds(figures, metrics) else _long_table(connection, metrics, scale, content, defects)
    published = last_published(connection)
    last = number_of(method.period, period) if period else _latest(method, table, published)
    numbers = range(last - depth(method) - A_YEAR[method.period], last + 1)
    units = tuple(banks["institution_id"].to_pylist())
    values = indicator_values(method, table, units, numbers, everything)
    periods = tuple(name(method.period, number) for number in numbers)
    if own is not None:
        figures = [i.component for i in method.indicators.values() if i.metric == METRIC]
        put_own(read_own(own, units, figures, method.period), method, values, units, periods)
    if not np.isfinite(values[:, -1]).any():
        other = name(method.period, _latest(method, table, published))
        lacking = dict(missing_figures(method, table, own is not None))
        fix = f"give another --period, such as {other}"
        if other == periods[-1] or len(lacking) == len(method.indicators):
            fix = "`sfbench check-schema` says what lacks"
        why = "; ".join(f"{key}: {reason}" for key, reason in lacking.items())
        raise NotAssessable(f"no bank has a figure in {periods[-1]}", where="--period", why=why, fix=fix)
    names = {lang: dict(zip(units, banks[f"name_{lang}"].to_pylist(), strict=True)) for lang in ("zh", "en")}
    return Data(
        panel=Panel(
            units=units,
            names=tuple(names["zh"].values()),
            groups=tuple(banks["bank_type"].to_pylist()),
            periods=periods,
            indicators=tuple(method.indicators),
            values=values,
        ),
        zh=names["zh"],
        en=names["en"],
        missing=dict(missing_figures(method, table, own is not None)),
        unit={key: unit_of(indicator, known) for key, indicator in method.indicators.items()},
        projected=published is not None and last_month(method.period, last) > published,
    )


def _strange_groups(method: Method, groups: Sequence[str]) -> Iterator[SfbenchError]:
    """An error for each excluded peer group that neither the code list nor the dataset has: it would exclude nobody."""
    known = {code.code for code in code_list("bank_type")} | set(groups)
    for rule in method.exclude:
        if rule.kind == "group" and rule.options["name"] not in known:
            group = rule.options["name"]
            yield SfbenchError(f"no peer group {group!r}", where=rule.where, fix=did_you_mean(group, known))


def depth(method: Method) -> int:
    """Periods before the assessed one that any step of the method looks at."""
    reach = max((_reach(indicator.period) for indicator in method.indicators.values()), default=0)
    own = [indicator.normalise for indicator in method.indicators.values() if indicator.normalise]
    steps = [method.missing, method.normalise, *own, *method.exclude, *method.veto, *method.adjust]
    return reach + max(_reach(step) for choices in (steps, *method.alternatives.values()) for step in choices)


def _reach(step: Step) -> int:
    return max(int(step.options.get("periods", 0)), int(step.options.get("lag", 0)))


def _banks(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    sql = """SELECT CAST(institution_id AS VARCHAR) AS institution_id, name_zh, name_en,
        CAST(coalesce(bank_type, 'unknown') AS VARCHAR) AS bank_type
    FROM institution WHERE kind = 'bank' ORDER BY TRY_CAST(institution_id AS BIGINT), institution_id"""
    try:
        found = connection.sql(sql).to_arrow_table()
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        fix = "bring the table `institution` (sfbench describe institution)"
        raise SfbenchError("the dataset does not say which banks there are", why=why, fix=fix) from error
    if not found.num_rows:
        raise SfbenchError("the dataset has no banks", where="institution", fix="an institution of kind bank is one")
    return found


def _holds(figures: pa.Table | None, metrics: Sequence[str]) -> bool:
    """Whether the figures by bank of all these metrics are there, or the reason why there are none."""
    if figures is None:
        return False
    asked = pc.or_kleene(pc.equal(figures["cut"], CUT), pc.is_null(figures["period"]))
    return set(metrics) <= set(pc.unique(figures.filter(asked)["metric"]).to_pylist())


def _long_table(
    connection: duckdb.DuckDBPyConnection,
    metrics: Sequence[str],
    scale: float,
    content: Sequence[Path],
    defects: Mapping[str, str] | None,
) -> pa.Table | None:
    if not metrics:
        return None
    return evaluate(connection, scale=scale, metrics=metrics, cuts=[CUT], content=content, defects=defects)


def _latest(method: Method, table: pa.Table | None, published: datetime.date | None) -> int:
    """The last period that is over at the last published month, or at the last one with a figure."""
    if table is None:
        raise SfbenchError("the method looks at own figures alone", where="--period", fix="say which period")
    day = published or pc.max(table.filter(pc.is_valid(table["value"]))["period"]).as_py()
    if not isinstance(day, datetime.date):
        reasons = sorted({str(why) for why in table["reason"].to_pylist() if why})
        fix = "bring the data, or take a later --as-of"
        raise NotAssessable("the dataset has none of the method's figures", why="; ".join(reasons[:5]), fix=fix)
    return ended(method.period, day)
