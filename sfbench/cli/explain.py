"""`sfbench explain`: how one value came about."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders
from sfbench.cli.say import confidence, pick, print_json, unit, waiting
from sfbench.cli.table import width
from sfbench.folders import source_of

if TYPE_CHECKING:
    from sfbench.explain import Account, Step

_EXPRESSION = 200  # characters of an expression that a person reads


def explain(
    cell: Annotated[str, typer.Argument(metavar="TABLE.COLUMN", help="Whose value: loan.grant_rate, say.")],
    path: o.Dataset,
    key: o.RowKey,
    depth: o.Depth = 1,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Say how a value came about: its rule, this row's draws and inputs, parameters and files with their sources.

    The row's part of the city is made again from the manifest, with draws that remember.
    """
    from sfbench.explain import explain as run

    with waiting(pick(lang, "making the row again", "正在重新生成该行")):
        account = run(path, cell, key, depth=depth, extra=folders(content))
    if as_json:
        print_json(dataclasses.asdict(account))
        return
    for line in _lines(account, lang):
        print(line)


def _lines(account: Account, lang: o.Language) -> Iterator[str]:
    where = ", ".join(f"{name}={value}" for name, value in account.key.items())
    yield f"{account.table}.{account.column} = {account.value}   ({where})"
    if account.together:
        en = "made from all firms together" + ("" if account.firm else ": the row has no draws of its own")
        yield pick(lang, en, "由全部企业汇总生成" + ("" if account.firm else "：该行没有自己的抽取"))
    if not account.steps:
        yield pick(lang, "no rule stands under this column's name in its file", "其生成文件中没有以该列命名的规则")
    for step in account.steps:
        yield from (("  " * step.depth + line).rstrip() for line in _step(step, lang))


def _step(step: Step, lang: o.Language) -> Iterator[str]:
    raw = "" if step.value is None else pick(lang, f"  (raw value {step.value})", f"（原始值{step.value}）")
    yield ""
    yield f"{step.column}{raw}"
    expression = " ".join(step.expression.split())
    shown = expression if len(expression) <= _EXPRESSION else expression[:_EXPRESSION] + " ..."
    yield f"{_title(lang, 'rule', '规则')}{step.where}: {shown}"
    for name, words in step.functions.items():
        yield f"             {name}: {words}" if words else f"             {name}"
    title = _title(lang, "input", "输入")
    for name, value in step.inputs.items():
        yield f"{title}{name} = {value}"
    title = _title(lang, "draw", "抽取")
    for draw in step.draws:
        ordinal = f", {draw.ordinal}" if draw.ordinal else ""
        yield f"{title}{draw.table}/{draw.purpose} ({draw.entity}{ordinal}) = {draw.value:.6f}"
    if step.unseen:
        names = ", ".join(step.unseen)
        yield title + pick(lang, f"not for this row: {names}", f"与本行无关：{names}")
    title = _title(lang, "parameter", "参数")
    for parameter, number in step.parameters:
        source = pick(lang, parameter.source, parameter.source_zh)
        about = f"{source}; {confidence(lang, parameter.confidence)}"
        yield f"{title}{parameter.name} = {number:g} {unit(lang, parameter.unit)} ({about})"
    title = _title(lang, "file", "文件")
    for name, source in step.files.items():
        chinese = source_of(name.removeprefix("datasets/"), "source_zh")
        yield f"{title}{name} ({pick(lang, source, chinese or source)})"


def _title(lang: o.Language, en: str, zh: str) -> str:
    """What a line tells, so wide that all lines of a step begin in one column."""
    words = pick(lang, en, zh)
    return f"  {words}{' ' * (11 - width(words))}"
