"""`sfbench describe`: all that is declared about one thing: a table, metric, method, step, scenario, suite ..."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.describe_words import heading, takes, word
from sfbench.cli.list import LISTS
from sfbench.cli.new_file import check_new_file
from sfbench.cli.say import pick, print_json, print_table, unit
from sfbench.errors import SfbenchError, did_you_mean

if TYPE_CHECKING:
    from sfbench.spec import Column

_SHOWN = 12  # allowed values that a person reads


def describe(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="A table, metric, method, step, estimator, scenario, suite, fault or parameter."
        ),
    ] = None,
    erd: o.Erd = False,
    out: o.OutDrawing = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Show all that is declared about one thing, or draw the schema.

    The columns of a table, the cuts, target and SQL of a metric, the changes of a scenario, the claims of a suite.
    With --erd: tables, keys and references as Mermaid text (printed, or a .mmd file) or as an .svg file.
    """
    extra = folders(content)
    if erd:
        _draw(name, out, extra, lang, force=force)
        return
    if out is not None:
        raise SfbenchError("only a drawing goes into a file", where="--out", fix="add --erd, or `> FILE` for the text")
    if name is None:
        raise SfbenchError("nothing is named", where="NAME", fix="`sfbench list` shows every name; --erd draws all")
    kinds = [kind for kind, records in LISTS.items() if any(record["name"] == name for record in records(extra))]
    if not kinds:
        known = {str(record["name"]) for records in LISTS.values() for record in records(extra)}
        near = did_you_mean(name, known)
        fix = near if near.startswith("did you mean") else "`sfbench list` shows every name"
        if steps := [one for one in sorted(known) if one.endswith(f".{name}")]:
            fix = f"known: {', '.join(steps)}"
        raise SfbenchError(f"nothing is called {name!r}", fix=fix)
    facts = _FACTS[kinds[0]](name, extra)
    if as_json:
        print_json(facts)
        return
    _show(facts, lang)


def _draw(name: str | None, out: Path | None, extra: tuple[Path, ...], lang: o.Language, *, force: bool) -> None:
    """The schema, or a table's neighbourhood, printed as Mermaid or written to a file by its suffix."""
    from sfbench.erd import mermaid, svg
    from sfbench.erd.diagram import neighbourhood

    tables = published_tables(extra)
    if name is not None:
        if name not in tables:
            raise SfbenchError(f"no table is called {name!r}", where="NAME", fix=did_you_mean(name, tables))
        tables = neighbourhood(tables, name)
    if out is None:
        print(mermaid(tables, lang, whole=name is not None), end="")
        return
    drawing = {".svg": svg, ".mmd": mermaid}.get(out.suffix)
    if drawing is None:
        raise SfbenchError(f"{out.suffix or 'no suffix'!r} is no drawing", where="--out", fix="end it in .svg or .mmd")

    check_new_file(out, force, (".svg", ".mmd"))
    out.write_text(drawing(tables, lang), encoding="utf-8")
    print(pick(lang, f"written to {out}", f"已写入{out}"))


def table(name: str, extra: tuple[Path, ...]) -> dict[str, Any]:
    """A table with its columns and the expectations of its hand-written suites."""
    spec = published_tables(extra)[name]
    from sfbench.quality.suites import load_suites

    suites = [suite for suite in load_suites(extra, tables=published_tables(extra)) if suite.table == name]
    return {
        "kind": "table",
        "name": name,
        "zh": spec.zh,
        "en": spec.en,
        "key": list(spec.key),
        "event_on": spec.event_on or None,
        "known_on": spec.known_on or None,
        "measures": list(spec.measures),
        "columns": [_column(column) for column in spec.columns],
        "expectations": [e.id for suite in suites for e in suite.expectations],
        "sql_only": [e.id for suite in suites for e in suite.expectations if e.sql_only],
    }


def metric(name: str, extra: tuple[Path, ...]) -> dict[str, Any]:
    """A metric with its components and the SQL that computes it from the tables."""
    from sfbench.metrics import catalogue, explain

    found = catalogue(extra).metrics[name]
    parts = [{"name": c.name, "zh": c.zh, "en": c.en, "unit": c.unit, "additive": c.additive} for c in found.components]
    plain = ("measure", "zh", "en", "period", "direction", "source", "source_zh")
    return {
        "kind": "metric",
        "name": name,
        **{key: getattr(found, key) for key in plain},
        "target": found.target or None,
        "cuts": list(found.cuts),
        "needs": [need.name for need in found.needs],
        "components": parts,
        "sql": explain(name, extra),
    }


def method(name: str, extra: tuple[Path, ...]) -> dict[str, Any]:
    """A method with its indicators and every step that it names."""
    from sfbench.assess.find import find_method

    found = find_method(name, extra)
    facts: dict[str, Any] = {
        "kind": "method",
        "name": name,
        "zh": found.title_zh,
        "en": found.title_en,
        "caption": found.caption,
        "caption_zh": found.caption_zh,
    }
    plain = ("source", "source_zh", "confidence", "period")
    facts |= {key: getattr(found, key) for key in plain}
    parts = [
        {"name": key, "zh": i.zh, "en": i.en, "metric": f"{i.metric}.{i.component}", "role": i.role}
        for key, i in found.indicators.items()
    ]
    others = [f"{step} {choice}" for step, choices in found.alternatives.items() for choice in choices]
    facts |= {"weight_spread": found.weight_spread or None}
    return facts | {"indicators": parts, "steps": list(found.pipeline()), "alternatives": others}


def step(name: str, extra: tuple[Path, ...]) -> dict[str, Any]:
    """A kind of a step of a method, with what each of its options takes."""
    return {"kind": "step", **next(one for one in LISTS["steps"](extra) if one["name"] == name)}


def scenario(name: str, extra: tuple[Path, ...]) -> dict[str, Any]:
    """A scenario with what it extends and changes."""
    import sfbench.content as content

    found = content.scenario(name, extra)
    about = {"zh": found.title_zh, "en": found.title_en, "caption": found.caption, "caption_zh": found.caption_zh}
    facts = {"kind": "scenario", "name": name, **about, "chain": list(found.chain), "changed": dict(found.changed)}
    levers = [
        {
            "name": lever.name,
            "zh": lever.zh,
            "en": lever.en,
            "parameter": lever.parameter,
            "size": f"{100 * lever.first:+g} %" if lever.way == "multiply" else f"{lever.first:+g}",
            "budget": f"{lever.budget.cents / 100:,.0f} CNY, {lever.budget.of}" if lever.budget else None,
            "source": lever.source,
        }
        for lever in found.levers
    ]
    more: dict[str, Any] = {"faults": [wish.name for wish in found.faults], "levers": levers}
    if found.trial is not None:
        more |= {"question": found.trial.question, "card_zh": found.trial.card_zh, "card_en": found.trial.card_en}
    return facts | more


def estimator(name: str, extra: tuple[Path, ...]) -> dict[str, Any]:
    """A method of the bench with its source."""
    return {"kind": "estimator", **next(one for one in LISTS["estimators"](extra) if one["name"] == name)}


def parameter(name: str, extra: tuple[Path, ...]) -> dict[str, Any]:
    """A parameter with its bounds and source."""
    import sfbench.content as content

    found = content.parameters()[name]
    names = ("name", "value", "low", "high", "unit", "source", "source_zh", "confidence", "note", "note_zh")
    return {"kind": "parameter", **{key: getattr(found, key) for key in names}}


def fault(name: str, extra: tuple[Path, ...]) -> dict[str, Any]:
    """A fault with what it fits and its settings; of the two mechanisms the public one."""
    return {"kind": "fault", **next(record for record in LISTS["faults"](extra) if record["name"] == name)}


def suite(name: str, extra: tuple[Path, ...]) -> dict[str, Any]:
    """A hand-written suite with its expectations."""
    from sfbench.quality.suites import load_suites

    found = next(s for s in load_suites(extra, tables=published_tables(extra)) if s.name == name)
    names = ("id", "type", "sql_only", "severity", "zh", "en", "finds_zh", "finds_en", "measures", "covers")
    claims = [{key: getattr(e, key) for key in names} for e in found.expectations]
    return {"kind": "suite", "name": name, "table": found.table, "expectations": claims}


_FACTS = {
    "tables": table,
    "metrics": metric,
    "methods": method,
    "steps": step,
    "estimators": estimator,
    "scenarios": scenario,
    "parameters": parameter,
    "suites": suite,
    "faults": fault,
}


def _column(column: Column) -> dict[str, Any]:
    names = (
        "name",
        "kind",
        "zh",
        "en",
        "unit",
        "standard",
        "nullable",
        "references",
        "low",
        "high",
        "privacy",
        "known_on",
    )
    facts = {name: getattr(column, name) for name in names}
    return facts | {"values": [{"code": v.code, "zh": v.zh, "en": v.en} for v in column.values]}


_TABLES = (
    "options",
    "levers",
    "columns",
    "components",
    "expectations",
    "sql_only",
    "sql",
    "indicators",
    "steps",
    "alternatives",
)


def _show(facts: dict[str, Any], lang: o.Language) -> None:
    for key, value in facts.items():
        if key in _TABLES or (key.endswith("_zh") and key.removesuffix("_zh") in facts) or value in (None, "", [], {}):
            continue
        if lang == "zh":
            value = facts.get(f"{key}_zh") or value
        if isinstance(value, dict):
            value = ", ".join(f"{k} = {v:g}" for k, v in value.items())
        if key == "target":
            value = _target(facts, lang)
        words = ", ".join(map(str, value)) if isinstance(value, list) else word(key, value, lang)
        print(f"{heading(key, lang)}: {words}")
    if "columns" in facts:
        print_table(
            _headings(lang, "column 字段", "type 类型", "name 名称", "more 说明"), _columns(facts["columns"], lang)
        )
    if "components" in facts:
        rows = [(c["name"], unit(lang, c["unit"]), pick(lang, c["en"], c["zh"])) for c in facts["components"]]
        print_table(_headings(lang, "component 分项", "unit 单位", "name 名称"), rows, whole=(0,))
    if facts.get("options"):
        taken = [(name, takes(words, lang)) for name, words in facts["options"].items()]
        print_table(_headings(lang, "option 选项", "takes 取值"), taken, whole=(0,))
    if facts.get("levers"):
        pulled = [
            (v["name"], v["parameter"], v["size"], v["budget"] or "", pick(lang, v["en"], v["zh"]))
            for v in facts["levers"]
        ]
        heads = _headings(lang, "lever 政策", "parameter 参数", "size 强度", "budget 预算", "name 名称")
        print_table(heads, pulled, whole=(0,))
    if facts["kind"] == "method":
        indicators = [
            (i["name"], i["metric"], word("role", i["role"], lang), pick(lang, i["en"], i["zh"]))
            for i in facts["indicators"]
        ]
        print_table(_headings(lang, "indicator 指标", "metric 来源", "role 作用", "name 名称"), indicators, whole=(0,))
        print_table(_headings(lang, "step 步骤"), [(step,) for step in facts["steps"]])
        print_table(_headings(lang, "alternative 备选"), [(step,) for step in facts["alternatives"]])
    if facts["kind"] == "suite":
        engine = {True: "SQL", False: "SQL, pandas"}  # what it runs on
        claims = [
            (e["id"], word("severity", e["severity"], lang), engine[e["sql_only"]], pick(lang, e["en"], e["zh"]))
            for e in facts["expectations"]
        ]
        headings = _headings(lang, "expectation 规则", "severity 级别", "engine 引擎", "claim 内容")
        print_table(headings, claims, whole=(0,))
    elif facts.get("expectations"):
        count, sql = len(facts["expectations"]), len(facts["sql_only"])
        en = f"{count} hand-written expectations ({sql} in SQL only)"
        verb = f"sfbench validate DIR --suite {facts['name']}"
        print(pick(lang, f"{en}: {verb}", f"{count}条专门规则（其中{sql}条仅限SQL）：{verb}"))
    if "sql" in facts:
        print(facts["sql"])


def _target(facts: dict[str, Any], lang: o.Language) -> str:
    """The target of a metric, which is one of its first component."""
    from sfbench.metrics.latest import target_words

    return target_words(lang, facts["target"], facts["components"][0]["unit"])


def _headings(lang: o.Language, *pairs: str) -> list[str]:
    return [pick(lang, *pair.split()) for pair in pairs]


def _columns(columns: list[dict[str, Any]], lang: o.Language) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for column in columns:
        values = column["values"]
        labels = [f"{v['code']} {pick(lang, v['en'], v['zh'])}" for v in values[:_SHOWN]]
        if len(values) > _SHOWN:
            labels.append(pick(lang, f"... {len(values)} values", f"……共{len(values)}个值"))
        more = [
            unit(lang, column["unit"]),
            column["standard"] and pick(lang, f"standard: {column['standard']}", f"标准代码：{column['standard']}"),
            column["references"] and f"-> {column['references']}",
            pick(lang, "may be null", "可为空") if column["nullable"] else "",
            ", ".join(labels),
        ]
        rows.append(
            (column["name"], column["kind"], pick(lang, column["en"], column["zh"]), "; ".join(filter(None, more)))
        )
    return rows
