"""`sfbench calibration`: simulated figures against published ones."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from sfbench.cli import options as o
from sfbench.cli.cut import tell_cut
from sfbench.cli.say import confidence, figure, pick, print_json, print_table, waiting
from sfbench.errors import SfbenchError

if TYPE_CHECKING:
    from sfbench.world.calibration_report import Row

# The units of facts.csv as each language writes them; longer ones first, as one may begin another.
_ENGLISH = {
    "亿美元": "USD 100m",
    "万美元": "USD 10,000",
    "亿元": "CNY 100m",
    "万元": "CNY 10,000",
    "/年": " a year",
}
_CHINESE = {
    "% of NPL principal": "不良本金的%",
    "% of premium": "保费的%",
    "% of rows": "符合规则的行数占比(%)",
    "% of GDP": "占GDP的%",
    "% of HNTE": "占国高的%",
    "% (70 first loan)": "%(首贷70)",
    "applications": "件",
    "per km2": "个/平方公里",
    "(above)": "(超)",
    "(nearly)": "(近)",
    "(about)": "(约)",
    "(plausible ": "(合理范围",
    "firms": "家",
    "count": "个",
    " x": " 倍",
}
# Sources and dates that are words of ours; other sources name a document in its own language.
_WORDS = {
    "memory": "凭记忆",
    "writer.dog blog on 2025Q1 发布会": "writer.dog博客：2025年一季度发布会",
    "PBoC 金融基础数据采集规范 V2.1 / GB standard, read from public implementations": (
        "人民银行《金融基础数据采集规范》V2.1及国家标准（据公开实现读取）"
    ),
    "2024-06 (article dates it so; may be 2025-06)": "2024-06，报道如此，或为2025-06",
}


def calibration(path: o.Dataset, as_json: o.Json = False, lang: o.Lang = "en") -> None:
    """Compare the dataset with published figures.

    Each figure with source, confidence, simulated value, deviation, and what share of it comes from loan notes.
    """
    import duckdb

    from sfbench.store import manifest
    from sfbench.store.read import open_dataset
    from sfbench.world.calibration_report import compare, not_expressed

    scale = manifest.read(path).scale
    tell_cut(path, lang)
    connection = open_dataset(path)
    try:
        with waiting(pick(lang, "comparing", "正在比对")):
            rows = compare(connection, scale)
    except duckdb.CatalogException as error:
        why = str(error).splitlines()[0].removeprefix("Catalog Error: ")
        raise SfbenchError(
            "the dataset lacks a table", where=str(path), why=why, fix="generate all tables (no --tables)"
        ) from error
    finally:
        connection.close()
    left_out = not_expressed()
    if as_json:
        figures = [dataclasses.asdict(row) for row in rows]
        print_json({"scale": scale, "figures": figures, "not_expressed": left_out})
        return
    _show(rows, left_out, lang)


def _show(rows: list[Row], left_out: list[dict[str, str]], lang: o.Language) -> None:
    titles = (
        ("figure, source, confidence", "数据、来源、可信度"),
        ("published", "公布值"),
        ("simulated", "模拟值"),
        ("deviation", "偏差"),
        ("from notes", "借据占比"),
    )
    cells = [
        (
            f"{pick(lang, row.en, row.zh)} ({unit_of(row.unit, lang)}, {_said(row.as_of, lang)})"
            f"\n  {_said(row.source, lang)}\n  {_confidence(row, lang)}",
            row.stated or figure(row.published),
            figure(row.simulated),
            _deviation(row, lang),
            "-" if row.note_share is None else f"{100 * row.note_share:.0f} %",
        )
        for row in rows
    ]
    print_table([pick(lang, *title) for title in titles], cells, right=(1, 2, 3, 4))
    print(_summary(rows, lang))
    if left_out:
        print(pick(lang, "published figures that the tables cannot express:", "数据表无法表达的公布数据："))
        for row in left_out:
            print(f"  {row['key']}: {pick(lang, row['reason'], row['reason_zh'])}")


def _summary(rows: list[Row], lang: o.Language) -> str:
    judged = [row for row in rows if row.judged]
    absent = sum(row.within is None for row in judged)
    kept, there, priors = sum(bool(row.within) for row in judged), len(judged) - absent, len(rows) - len(judged)
    en = f"{kept} of {there} judged figures are within their bounds; {priors} are priors and not judged"
    zh = f"{there}个受检数据中{kept}个在允许范围内；{priors}个为先验，不作判断"
    if absent:
        en, zh = f"{en}; {absent} are not in this world", f"{zh}；{absent}个在此规模下没有数据"
    return pick(lang, en, zh)


def unit_of(name: str, lang: o.Language) -> str:
    """A unit of facts.csv in the language."""
    words = _CHINESE if lang == "zh" else _ENGLISH
    text = f" {name}"
    for word, other in words.items():
        text = text.replace(word, other)
    return text.strip()


def _said(text: str, lang: o.Language) -> str:
    return pick(lang, text, _WORDS.get(text, text))


def _deviation(row: Row, lang: o.Language) -> str:
    """In percent of a level, in points where the figure is itself a percentage."""
    if row.deviation is None:
        return "-"
    sign = pick(lang, " pp", "百分点") if row.unit.startswith("%") else " %"
    return f"{row.deviation:+.1f}{sign}"


def _confidence(row: Row, lang: o.Language) -> str:
    level = confidence(lang, row.confidence)
    if not row.judged:
        if row.confidence == "prior":
            return level
        return pick(lang, f"{level} (prior)", f"{level}（先验）")
    if row.within is None:
        return pick(lang, f"{level}, not in this world", f"{level}，此规模下没有数据")
    return pick(
        lang,
        f"{level}, {'within' if row.within else 'outside'}",
        f"{level}，{'在范围内' if row.within else '超出范围'}",
    )
