"""Indicators from metrics: the figures by bank of the long table, as a panel of banks, periods and indicators."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sfbench.assess.calendar import A_YEAR, MONTHS, ended, last_month, name, number_of
from sfbench.assess.own_figures import METRIC, Own, read_own
from sfbench.assess.panel import Floats, NotAssessable, Panel
from sfbench.assess.spec import Indicator, Method, Step
from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.metrics import Catalogue, catalogue, evaluate
from sfbench.metrics.latest import last_published
from sfbench.spec import Metric, Table
from sfbench.store import manifest
from sfbench.store.read import open_usable

CUT = "bank"
_REPORTED = "bank_month"  # the table of what banks report themselves
# The figure of a period is that of its last month: a stock at its end, a flow of the metric's own last period.
_PLACED = """
SELECT cut_value AS unit, period, place, CASE WHEN isfinite(value_city) THEN value_city ELSE 'nan' END AS value
FROM long_table
JOIN (SELECT unnest($metrics) AS metric, unnest($components) AS component, unnest($places) AS place)
USING (metric, component)
WHERE cut = $cut AND period IS NOT NULL
"""


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
    raise_all(list(_unsound(method, known)))
    banks = _banks(connection)
    metrics = sorted({metric for _, metric, _ in _parts(method)} - {METRIC})
    table = figures if _holds(figures, metrics) else _long_table(connection, metrics, scale, content, defects)
    published = last_published(connection)
    last = number_of(method.period, period) if period else _latest(method, table, published)
    numbers = range(last - depth(method) - A_YEAR[method.period], last + 1)
    units = tuple(banks["institution_id"].to_pylist())
    values = _values(method, table, units, numbers, everything)
    periods = tuple(name(method.period, number) for number in numbers)
    if own is not None:
        figures = [i.component for i in method.indicators.values() if i.metric == METRIC]
        _put(read_own(own, units, figures, method.period), method, values, units, periods)
    if not np.isfinite(values[:, -1]).any():
        other = name(method.period, _latest(method, table, published))
        lacking = dict(_missing(method, table, own is not None))
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
        missing=dict(_missing(method, table, own is not None)),
        unit={key: _unit(indicator, known) for key, indicator in method.indicators.items()},
        projected=published is not None and last_month(method.period, last) > published,
    )


def depth(method: Method) -> int:
    """Periods before the assessed one that any step of the method looks at."""
    reach = max((_reach(indicator.period) for indicator in method.indicators.values()), default=0)
    own = [indicator.normalise for indicator in method.indicators.values() if indicator.normalise]
    steps = [method.missing, method.normalise, *own, *method.exclude, *method.veto, *method.adjust]
    return reach + max(_reach(step) for choices in (steps, *method.alternatives.values()) for step in choices)


def _reach(step: Step) -> int:
    return max(int(step.options.get("periods", 0)), int(step.options.get("lag", 0)))


def _unit(indicator: Indicator, known: Mapping[str, Metric]) -> str:
    if indicator.period.kind in ("growth", "market_share") or indicator.metric == METRIC:
        return ""
    if indicator.over:
        return "%"
    parts = known[indicator.metric].components
    return next(part.unit for part in parts if part.name == indicator.component)


def _parts(method: Method) -> Iterator[tuple[str, str, str]]:
    """(indicator, metric, component) of every figure that the method looks at, denominators too."""
    for key, indicator in method.indicators.items():
        yield key, indicator.metric, indicator.component
        if indicator.over:
            yield key, *indicator.over


def _unsound(method: Method, known: Mapping[str, Metric]) -> Iterator[SfbenchError]:
    for key, indicator in method.indicators.items():
        if indicator.cut != CUT:
            yield SfbenchError(f"indicator {key!r} is cut by {indicator.cut!r}", where=indicator.where, fix="cut: bank")
    for key, name_, component in _parts(method):
        where = method.indicators[key].where
        if name_ == METRIC:
            continue
        metric = known.get(name_)
        if metric is None:
            fix = did_you_mean(name_, (*known, METRIC))
            yield SfbenchError(f"no metric {name_!r}", where=where, fix=fix)
            continue
        parts = [part.name for part in metric.components]
        if component not in parts:
            fix = did_you_mean(component, parts)
            yield SfbenchError(f"{metric.id} has no component {component!r}", where=where, fix=fix)
        if CUT not in metric.cuts:
            yield SfbenchError(
                f"{metric.id} has no figures by bank", where=where, why=f"cuts: {', '.join(metric.cuts)}"
            )
        if MONTHS[metric.period] > MONTHS[method.period]:
            why = f"{metric.id} is by {metric.period}, the method by {method.period}"
            yield SfbenchError(f"indicator {key!r} has no figure in each period", where=where, why=why)


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


def _values(method: Method, table: pa.Table | None, units: Sequence[str], numbers: range, known: Catalogue) -> Floats:
    """[unit, period, indicator]"""
    own = list(method.indicators.values())
    parts = [(i.metric, i.component) for i in own] + [i.over for i in own if i.over]
    figures = _figures(parts, method, table, units, numbers, known)
    above, whole = figures[:, :, : len(own)], figures[:, :, len(own) :]
    places = [place for place, indicator in enumerate(own) if indicator.over]
    above[:, :, places] *= 100 / np.where(whole == 0, np.nan, whole)
    return above


def _figures(
    parts: Sequence[tuple[str, str]],
    method: Method,
    table: pa.Table | None,
    units: Sequence[str],
    numbers: range,
    known: Catalogue,
) -> Floats:
    """[unit, period, part of a metric]; NaN where there is no figure.

    A sum that no row of a bank adds to is no gap but 0: a bank without first loans has made none. So it is for additive
    components, in a period of which the bank has other figures and other banks have this one. What banks report
    themselves may not have been reported, and stays a gap.
    """
    shape = (len(units), len(numbers), len(parts))
    values, found_at = np.full(shape, np.nan), np.zeros(shape, bool)
    if table is None or not parts:
        return values
    parameters = {
        "metrics": [metric for metric, _ in parts],
        "components": [component for _, component in parts],
        "places": list(range(len(parts))),
        "cut": CUT,
    }
    with duckdb.connect() as connection:
        connection.register("long_table", table)
        found = connection.execute(_PLACED, parameters).fetchnumpy()
    period, known_period = _place(found["period"].astype("datetime64[D]"), _ends(method, numbers))
    unit, known_unit = _place(found["unit"].astype(str), np.array(units))
    kept = known_period & known_unit
    at = unit[kept], period[kept], found["place"][kept]
    values[at], found_at[at] = found["value"][kept], True
    sums = np.array([_is_sum(known, *part) for part in parts])
    reported = np.isfinite(values)
    nil = ~found_at & sums & reported.any(axis=2, keepdims=True) & reported.any(axis=0, keepdims=True)
    return np.where(nil, 0.0, values)


def _is_sum(known: Catalogue, metric: str, component: str) -> bool:
    if metric not in known.metrics or any(need.name == _REPORTED for need in known.tables_of(metric)):
        return False
    return any(part.additive for part in known.metrics[metric].components if part.name == component)


def _ends(method: Method, numbers: range) -> NDArray[Any]:
    return np.array([last_month(method.period, number) for number in numbers], "datetime64[D]")


def _place(found: NDArray[Any], known: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """(place of each found value among the known ones, whether it is one of them)"""
    order = np.argsort(known)
    place = order[np.minimum(np.searchsorted(known[order], found), len(known) - 1)]
    return place, known[place] == found


def _put(own: Own, method: Method, values: Floats, units: Sequence[str], periods: Sequence[str]) -> None:
    for place, indicator in enumerate(method.indicators.values()):
        if indicator.metric == METRIC:
            mine = [[own.get((unit, period, indicator.component), np.nan) for period in periods] for unit in units]
            values[:, :, place] = mine


def _missing(method: Method, table: pa.Table | None, own: bool) -> Iterator[tuple[str, str]]:
    """Indicators of which the dataset has nothing at all, with the reason."""
    reasons: dict[str, str] = {}
    if table is not None:
        alone = table.filter(pc.is_null(table["period"]))
        reasons = dict(zip(alone["metric"].to_pylist(), alone["reason"].to_pylist(), strict=True))
    for key, metric, _ in _parts(method):
        if metric in reasons:
            yield key, reasons[metric] or "no data"
        elif metric == METRIC and not own:
            yield key, "in no table: give --qualitative FILE"
