"""The metrics of the action plan: a page per measure; name, definition, components, cuts and SQL of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from sfbench.metrics import catalogue
from sfbench.metrics.catalogue import Catalogue
from sfbench.report.measures import titles
from sfbench.spec import Metric
from sfbench.store.read import published
from sfbench.words import unit
from website.reference.markdown import both, code, facts, fence, fold, plain, table, words
from website.reference.places import METRICS, of_measure, to_metric, to_table

_DIRECTIONS = {"up": "more is better 越高越好", "down": "less is better 越低越好", "none": "neither 不分好坏"}
_PERIODS = {"month": "month 月", "quarter": "quarter 季", "year": "year 年"}


def pages() -> dict[str, str]:
    """The index and a page per measure."""
    found, known = catalogue(), titles()
    of = {number: list(group) for number, group in groupby(found.choose(None, None), key=lambda one: one.measure)}
    return {METRICS: _index(of, known), **{of_measure(n): _page(n, of[n], known[n], found) for n in of}}


def _index(of: Mapping[int, Sequence[Metric]], known: Mapping[int, tuple[str, str]]) -> str:
    count = sum(map(len, of.values()))
    parts = [
        f"# Metrics 指标\n\n{count} metrics: one SQL file each in `sfbench/metrics/`, over marts and tables. "
        "`sfbench query DIR --metric NAME` prints the SQL over a dataset, ready to run; `sfbench evaluate` computes "
        "them all. A page per measure of the plan. In a definition `metrics.csv` is the project's list of "
        "the plan's indicators; what follows *decided where it is silent* is how this project reads it.\n\n"
        f"共{count}个指标，按行动方案的举措分页。\n\n"
    ]
    for number, metrics in of.items():
        zh, en = known[number]
        rows = [(to_metric(METRICS, m.id, number), plain(m.zh), plain(m.en), plain(m.target)) for m in metrics]
        parts.append(f"## {number}. {plain(en)} {plain(zh)}\n\n")
        parts.append(table(("metric 指标", "名称", "what", "target 目标"), rows))
    return "".join(parts)


def _page(number: int, metrics: Sequence[Metric], title: tuple[str, str], found: Catalogue) -> str:
    zh, en = title
    head = f"# {number}. {plain(en)}\n\n**{plain(zh)}**\n\n"
    return head + "".join(_metric(of_measure(number), metric, found) for metric in metrics)


def _metric(here: str, metric: Metric, found: Catalogue) -> str:
    tables = published()
    read = [
        to_table(here, need.name) if need.name in tables else code(need.name) for need in found.tables_of(metric.id)
    ]
    marts = [code(mart.id) for mart in found.marts_of(metric.id)]
    about = facts(
        [
            ("definition", words(metric.source)),
            ("定义", words(metric.source_zh)),
            ("period 周期", _PERIODS[metric.period]),
            ("direction 方向", _DIRECTIONS[metric.direction]),
            ("target 目标", plain(metric.target)),
            ("cuts 维度", ", ".join(map(code, metric.cuts))),
            ("tables 数据表", ", ".join(read)),
            ("marts 中间表", ", ".join(marts)),
            ("later rows may change it 后续数据可能修订", plain(metric.open)),
        ]
    )
    parts = table(
        ("component 分项", "what 含义", "unit 单位", "scales with the city 随规模"),
        [
            (code(c.name), both(c.zh, c.en), _unit(c.unit), "yes 是" if c.additive else "no 否")
            for c in metric.components
        ],
    )
    sql = fold(f"SQL: sfbench/metrics/{metric.id}.sql", fence(metric.sql, "sql"))
    return f"## {metric.id} {{ #{metric.id} }}\n\n**{plain(metric.zh)}** · {plain(metric.en)}\n\n{about}{parts}{sql}"


def _unit(name: str) -> str:
    other = unit("zh", name)
    return plain(name if other == name else f"{name} {other}")
