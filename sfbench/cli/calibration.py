"""`sfbench calibration`: simulated figures against published ones."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from sfbench.cli import options as o
from sfbench.cli.say import figure, pick, print_json, print_table, unit, waiting
from sfbench.errors import SfbenchError

if TYPE_CHECKING:
    from sfbench.world.calibration_report import Row


def calibration(path: o.Dataset, as_json: o.Json = False, lang: o.Lang = "en") -> None:
    """Compare the dataset with published figures.

    Each figure with source, confidence, simulated value, deviation, and what share of it comes from loan notes.
    """
    from sfbench.store import manifest
    from sfbench.store.read import open_dataset
    from sfbench.world.calibration_report import compare, not_expressed

    scale = manifest.read(path).scale
    connection = open_dataset(path)
    try:
        with waiting(pick(lang, "comparing", "正在比对")):
            rows = compare(connection, scale)
    except LookupError as error:
        raise SfbenchError(
            "the dataset lacks a table", where=str(path), why=str(error), fix="generate all tables"
        ) from error
    finally:
        connection.close()
    left_out = list(not_expressed())
    if as_json:
        silent = [{"key": key, "reason": why} for key, why in left_out]
        print_json({"scale": scale, "figures": [dataclasses.asdict(row) for row in rows], "not_expressed": silent})
        return
    _show(rows, left_out, lang)


def _show(rows: list[Row], left_out: list[Any], lang: o.Language) -> None:
    titles = (
        ("figure, source, confidence", "数据、来源、可信度"),
        ("published", "公布值"),
        ("simulated", "模拟值"),
        ("deviation", "偏差"),
        ("from notes", "借据占比"),
    )
    cells = [
        (
            f"{pick(lang, row.en, row.zh)} ({unit(lang, row.unit)}, {row.as_of})"
            f"\n  {row.source}\n  {_confidence(row, lang)}",
            figure(row.published),
            figure(row.simulated),
            _deviation(row),
            "-" if row.note_share is None else f"{100 * row.note_share:.0f} %",
        )
        for row in rows
    ]
    print_table([pick(lang, *title) for title in titles], cells, right=(1, 2, 3, 4))
    judged = [row for row in rows if row.judged]
    kept = sum(bool(row.within) for row in judged)
    priors = len(rows) - len(judged)
    en = f"{kept} of {len(judged)} judged figures are within their bounds; {priors} are priors and not judged"
    print(pick(lang, en, f"{len(judged)}个受检数据中{kept}个在允许范围内；{priors}个为先验，不作判断"))
    if left_out:
        print(pick(lang, "published figures that these tables do not express:", "现有数据表未表达的公布数据："))
        for key, why in left_out:
            print(f"  {key}: {why}")


def _deviation(row: Row) -> str:
    """In percent of a level, in points where the figure is itself a percentage."""
    if row.deviation is None:
        return "-"
    return f"{row.deviation:+.1f}{' pp' if row.unit.startswith('%') else ' %'}"


def _confidence(row: Row, lang: o.Language) -> str:
    if not row.judged:
        if row.confidence == "prior":
            return pick(lang, "prior", "先验")
        return pick(lang, f"{row.confidence} (prior)", f"{row.confidence}（先验）")
    if row.within is None:
        return row.confidence
    return f"{row.confidence}, " + (
        pick(lang, "within", "在范围内") if row.within else pick(lang, "outside", "超出范围")
    )
