"""`sfbench list`: what there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.say import confidence, pick, print_json, print_table, unit

Kind = Literal["tables", "scenarios", "metrics", "methods", "steps", "estimators", "suites", "faults", "parameters"]
Records = list[dict[str, Any]]


def list_content(
    kind: Annotated[Kind | None, typer.Argument(help="What to list (default: everything).")] = None,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """List tables, scenarios, metrics, methods of assessment, their steps, estimators, suites, faults or parameters."""
    extra = folders(content)
    found = {name: LISTS[name](extra) for name in ([kind] if kind else LISTS)}
    if as_json:
        print_json(found[kind] if kind else found)
        return
    for name, records in found.items():
        title = "" if kind else pick(lang, name, _TITLES[name])
        rows = [_row(name, record, lang) for record in records]
        headings = [pick(lang, *words.split()) for words in _HEADINGS[name].split("|")]
        print_table(headings, rows, whole=(0,), title=title)


def tables(extra: tuple[Path, ...]) -> Records:
    """Published tables, by name."""
    specs = sorted(published_tables(extra).values(), key=lambda table: table.name)
    return [{"name": t.name, "zh": t.zh, "en": t.en, "columns": len(t.columns), "key": list(t.key)} for t in specs]


def scenarios(extra: tuple[Path, ...]) -> Records:
    """Scenarios, by name."""
    import sfbench.content as content

    found = [content.scenario(name, extra) for name in content.scenario_names(extra)]
    return [
        {
            "name": s.name,
            "zh": s.title_zh,
            "en": s.title_en,
            "changed": dict(s.changed),
            "faults": [wish.name for wish in s.faults],
            "levers": [lever.name for lever in s.levers],
            "question": s.trial.question if s.trial else None,
        }
        for s in found
    ]


def metrics(extra: tuple[Path, ...]) -> Records:
    """Metrics, by measure and name."""
    from sfbench.metrics import catalogue

    found = catalogue(extra).choose(None, None)
    return [
        {
            "name": m.id,
            "zh": m.zh,
            "en": m.en,
            "measure": m.measure,
            "target": m.target or None,
            "unit": m.components[0].unit,
        }
        for m in found
    ]


def methods(extra: tuple[Path, ...]) -> Records:
    """Methods of assessment, by name."""
    from sfbench.assess.find import find_method, method_files

    found = [find_method(name, extra) for name in method_files(extra)]
    names = ("name", "source", "confidence", "official")
    return [{"zh": m.title_zh, "en": m.title_en, **{name: getattr(m, name) for name in names}} for m in found]


def steps(extra: tuple[Path, ...]) -> Records:
    """Kinds of the steps that a method of assessment names, in the order of the chain."""
    from sfbench.assess.kinds import kinds

    return kinds()


def estimators(extra: tuple[Path, ...]) -> Records:
    """Methods of the bench, by name."""
    import sfbench.content as content

    found = [content.method(name, extra).spec for name in content.method_names(extra)]
    names = ("name", "zh", "en", "task", "naive", "source", "source_zh")
    return [{name: getattr(m, name) for name in names} for m in found]


def suites(extra: tuple[Path, ...]) -> Records:
    """Hand-written suites; every published table has a base suite from its declaration besides."""
    from sfbench.quality.suites import load_suites

    found = load_suites(extra, tables=published_tables(extra))
    return [
        {
            "name": s.name,
            "table": s.table,
            "expectations": len(s.expectations),
            "sql_only": sum(e.sql_only for e in s.expectations),
            "file": Path(s.where).name,
        }
        for s in found
    ]


def faults(extra: tuple[Path, ...]) -> Records:
    """Faults that a scenario may plant, by level and name; of the two mechanisms the public one."""
    import sfbench.content as content

    found = sorted((f.spec for f in content.faults(extra).values()), key=lambda f: (_LEVELS.index(f.level), f.name))
    return [
        {
            "name": f.name,
            "zh": f.zh,
            "en": f.en,
            "level": f.level,
            "visible": f.visible,
            "mechanism": f.mechanisms[0],
            "mechanism_zh": f.mechanisms_zh[0],
            "takes": f.columns,
            "kinds": list(f.kinds),
            "tables": list(f.tables),
            "at": list(f.at),
            "settings": dict(f.defaults),
        }
        for f in found
    ]


def parameters(extra: tuple[Path, ...]) -> Records:
    """Parameters of the model, by name."""
    import sfbench.content as content

    found = sorted(content.parameters().values(), key=lambda p: p.name)
    names = ("name", "value", "low", "high", "unit", "source", "confidence")
    return [{name: getattr(p, name) for name in names} for p in found]


LISTS: dict[str, Callable[[tuple[Path, ...]], Records]] = {
    "tables": tables,
    "scenarios": scenarios,
    "metrics": metrics,
    "methods": methods,
    "steps": steps,
    "estimators": estimators,
    "suites": suites,
    "faults": faults,
    "parameters": parameters,
}
_LEVELS = ("cell", "row", "table", "cross", "statistical")
LEVELS_ZH = dict(zip(_LEVELS, ("单元格", "记录", "整表", "跨表", "统计"), strict=True))
_TITLES = {
    "tables": "数据表",
    "scenarios": "情景",
    "metrics": "指标",
    "methods": "评价方法",
    "steps": "评价步骤",
    "estimators": "评测台方法",
    "suites": "检查规则集",
    "faults": "差错",
    "parameters": "参数",
}
_HEADINGS = {
    "tables": "table 数据表|columns 字段数|caption 名称",
    "scenarios": "scenario 情景|parameters 改动参数|faults 差错|levers 政策|caption 名称",
    "metrics": "metric 指标|measure 举措|caption 名称|target 目标",
    "methods": "method 方法|confidence 可信度|caption 名称",
    "steps": "step 步骤|options 选项|caption 作用",
    "estimators": "method 方法|task 任务|naive 朴素|caption 名称",
    "suites": "suite 规则集|table 数据表|expectations 规则数|SQL-only 仅限SQL",
    "faults": "fault 差错|level 层级|visible 规则可见|caption 名称",
    "parameters": "parameter 参数|value 取值|bounds 范围|unit 单位|confidence 可信度",
}


def _row(kind: str, record: dict[str, Any], lang: o.Language) -> tuple[str, ...]:
    name = str(record["name"])
    caption = pick(lang, str(record.get("en", "")), str(record.get("zh", "")))
    if kind == "tables":
        return name, str(record["columns"]), caption
    if kind == "scenarios":
        return name, *(str(len(record[what])) for what in ("changed", "faults", "levers")), caption
    if kind == "metrics":
        from sfbench.metrics.latest import target_words

        return name, str(record["measure"]), caption, target_words(lang, record["target"], record["unit"])
    if kind == "methods":
        return name, confidence(lang, record["confidence"]), caption
    if kind == "steps":
        return name, ", ".join(record["options"]), caption
    if kind == "estimators":
        return name, record["task"], pick(lang, *("yes 是" if record["naive"] else "no 否").split()), caption
    if kind == "suites":
        return name, record["table"], str(record["expectations"]), str(record["sql_only"])
    if kind == "faults":
        return (
            name,
            pick(lang, record["level"], LEVELS_ZH[record["level"]]),
            pick(lang, *("yes 是" if record["visible"] else "no 否").split()),
            caption,
        )
    bounds = f"{record['low']:g} {pick(lang, 'to', '至')} {record['high']:g}"
    return name, f"{record['value']:g}", bounds, unit(lang, record["unit"]), confidence(lang, record["confidence"])
