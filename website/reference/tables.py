"""The data dictionary: a page per published table, with its checks and the metrics that read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sfbench.metrics import catalogue
from sfbench.quality.base import base_suite
from sfbench.quality.covered import uncovered
from sfbench.quality.expectation import Expectation
from sfbench.quality.suites import load_suites
from sfbench.spec import Column, Metric, Table
from sfbench.store.read import published
from sfbench.store.shape import DUCKDB_TYPES
from website.reference.markdown import both, code, facts, fold, link, plain, table
from website.reference.places import SUITES, TABLES, of_table, to_measure, to_metric, to_table

_HEADS = ("column", "what 含义", "type 类型", "code name 标准代码", "refers to 引用", "notes 说明")
_CLAIM = ("expectation", "severity 级别", "claim 规则", "finds 发现")
_PRIVACY = {
    "public": "",
    "identifier": "identifier 标识符",
    "quasi": "quasi-identifier 准标识符",
    "sensitive": "sensitive 敏感",
}
_LEVELS = {"critical": "严重", "warning": "警告", "info": "提示"}


def pages() -> dict[str, str]:
    """The index and a page per table."""
    known = published()
    suites = load_suites(tables=known)
    claims = {name: [e for suite in suites if suite.table == name for e in suite.expectations] for name in known}
    bases = {suite.table: suite.expectations for suite in uncovered(map(base_suite, known.values()), suites)}
    children: dict[str, list[str]] = defaultdict(list)
    for one in known.values():
        for column in one.columns:
            if column.references and column.references.split(".")[0] != one.name:
                children[column.references.split(".")[0]].append(f"{one.name}.{column.name}")
    found = catalogue()
    readers: dict[str, list[Metric]] = defaultdict(list)
    for metric in found.choose(None, None):
        for need in found.tables_of(metric.id):
            readers[need.name].append(metric)
    out = {
        of_table(name): _page(known[name], claims[name], bases[name], children[name], readers[name], known)
        for name in known
    }
    return {TABLES: _index(known), SUITES: _suites(known, claims, bases), **out}


def _index(known: Mapping[str, Table]) -> str:
    rows = [
        (to_table(TABLES, one.name), plain(one.zh), plain(one.en), str(len(one.columns)), ", ".join(map(code, one.key)))
        for one in sorted(known.values(), key=lambda one: one.name)
    ]
    return (
        "# Tables 数据表\n\n"
        f"{len(rows)} tables, each declared once in `generators/`; `sfbench describe NAME` prints the same. "
        "Types are DuckDB's. Money is exact, in the currency that the unit names; rates are in percent.\n\n"
        f"共{len(rows)}张表，每张表在`generators/`中声明一次；`sfbench describe NAME --lang zh`给出同样的内容。\n\n"
        + table(("table 数据表", "名称", "what", "columns 字段数", "key 主键"), rows)
    )


def _page(
    one: Table,
    claims: Sequence[Expectation],
    base: Sequence[Expectation],
    children: Sequence[str],
    readers: Sequence[Metric],
    known: Mapping[str, Table],
) -> str:
    here = of_table(one.name)
    head = facts(
        [
            ("key 主键", ", ".join(map(code, one.key))),
            ("rows follow 行数随", plain({"fixed": "fixed 固定", "scale": "scale 规模"}.get(one.grows, one.grows))),
            ("date of the fact 发生日", code(one.event_on)),
            ("known from 知悉日", code(one.known_on)),
            ("some rows by 最迟有行之日", code(one.rows_by)),
            ("gone from 失效日", code(one.gone_on)),
            ("measures of the plan 举措", ", ".join(to_measure(here, number) for number in one.measures)),
            ("referred to by 被引用", ", ".join(_child(here, child) for child in children)),
        ]
    )
    columns = table(_HEADS, [_row(here, column, known) for column in one.columns])
    lists = "".join(
        fold(
            f"{column.name}: {len(column.values)} codes 代码",
            table(("code 代码", "含义", "meaning"), [(code(c.code), plain(c.zh), plain(c.en)) for c in column.values]),
        )
        for column in one.columns
        if column.values
    )
    metrics = ", ".join(to_metric(here, metric.id, metric.measure) for metric in readers)
    return (
        f"# {one.name}\n\n**{plain(one.zh)}** · {plain(one.en)}\n\n{head}## Columns 字段\n\n{columns}{lists}"
        f"## Expectations 检查规则 {{ #expectations }}\n\n{_claims(claims)}{_declared(base, claims)}"
        + (f"## Metrics that read it 读取本表的指标\n\n{metrics}\n" if metrics else "")
    )


def _row(here: str, column: Column, known: Mapping[str, Table]) -> tuple[str, ...]:
    parent, _, name = column.references.partition(".")
    refers = to_table(here, parent) if parent in known else code(parent)
    if parent and name != column.name:
        refers += f" {code(name)}"
    notes = [
        "may be empty 可空" if column.nullable else "",
        f"known from 知悉于 `{column.known_on}`" if column.known_on else "",
        _PRIVACY[column.privacy],
    ]
    kind = DUCKDB_TYPES[column.kind] + (f", {plain(column.unit)}" if column.unit else "")
    what = both(column.zh, column.en)
    return code(column.name), what, kind, plain(column.standard), refers, "; ".join(filter(None, notes))


def _child(here: str, child: str) -> str:
    name, _, column = child.partition(".")
    return f"{to_table(here, name)}.{column}"


def _claims(claims: Sequence[Expectation]) -> str:
    rows = [
        (code(e.id), f"{e.severity} {_LEVELS[e.severity]}", both(e.zh, e.en), both(e.finds_zh, e.finds_en))
        for e in claims
    ]
    return table(_CLAIM, rows)


def _declared(base: Sequence[Expectation], claims: Sequence[Expectation]) -> str:
    covered = [f"{code(claim)} ({code(e.id)})" for e in claims for claim in e.covers]
    beside = (
        f"Not among them, as a claim above finds it too 上列规则已涵盖: {', '.join(covered)}.\n\n" if covered else ""
    )
    return fold(f"{len(base)} more follow from the declaration 另有{len(base)}条由声明得出", beside + _claims(base))


def _suites(
    known: Mapping[str, Table], claims: Mapping[str, Sequence[Expectation]], bases: Mapping[str, Sequence[Expectation]]
) -> str:
    rows = []
    for name in sorted(known):
        there = link(SUITES, of_table(name), f"`{name}`", "expectations")
        by_hand, base = claims[name], bases[name]
        grave = sum(e.severity == "critical" for e in (*by_hand, *base))
        rows.append((there, plain(known[name].zh), str(len(by_hand)), str(len(base)), str(grave)))
    whole = sum(len(found) for found in claims.values())
    rest = sum(len(found) for found in bases.values())
    return (
        "# Expectations 检查规则\n\n"
        f"{whole} expectations are written by hand in `expectations/`, {rest} follow from the declarations of the "
        "tables. Each has a sentence in both languages, a severity and the fault that it is there to find; they run as "
        "Great Expectations on DuckDB (`sfbench validate`). What each catches of its planted fault: "
        f"{link(SUITES, 'reference/expectations.md', 'by hand')}, "
        f"{link(SUITES, 'reference/expectations-declared.md', 'declared')}.\n\n"
        f"{whole}条规则由人工编写，{rest}条由表的声明得出；用`sfbench validate DIR --lang zh`运行。\n\n"
        + table(("table 数据表", "名称", "by hand 人工", "declared 声明", "critical 严重"), rows)
    )
