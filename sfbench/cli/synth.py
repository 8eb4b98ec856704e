"""`sfbench synth`: learn confidential tables, write a synthetic copy, say how safe and how useful it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sfbench.cli import options as o
from sfbench.cli.say import pick, print_json, print_table, waiting
from sfbench.errors import SfbenchError

SDV_NOTE = (
    "Methods that begin with sdv_ need `pip install 'sfbench[sdv]'`: SDV is under the Business Source License 1.1 "
    "(no service that gives others SDV's functions), and torch comes with it."
)
HELP = f"A safe copy of your own tables: learn, sample, attack. {SDV_NOTE}"

CopyMethod = Annotated[
    str,
    typer.Option("--method", metavar="NAME", help="linked (default), independent, bootstrap, marginals_dp, sdv_..."),
]
ModelOut = Annotated[Path, typer.Option("--out", metavar="FILE", help="The model file to write, e.g. model.zip.")]
ModelFile = Annotated[Path, typer.Argument(metavar="MODEL", help="A model file that `sfbench synth fit` wrote.")]
MethodOption = Annotated[
    list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option of the method, e.g. k=20.")
]
Rows = Annotated[
    int | None,
    typer.Option("--rows", metavar="N", help="Rows of the first table, e.g. firms (default: as many as were learned)."),
]
Metadata = Annotated[
    Path | None,
    typer.Option(
        "--metadata", metavar="FILE", help="Declarations of your own tables (JSON; `synth detect` drafts it)."
    ),
]


def fit(
    path: o.Dataset,
    out: ModelOut,
    tables: o.Tables = None,
    method: CopyMethod = "linked",
    option: MethodOption = None,
    metadata: Metadata = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Learn tables and write a model file: plain JSON and Parquet, nothing that runs when it is read.

    Nothing of the tables is written anywhere else. Keys, codes, names, addresses and free text are not learned.
    """
    from sfbench import synth

    own = None if metadata is None else synth.read_metadata(metadata)
    with waiting(pick(lang, "learning", "正在学习")):
        model = synth.fit(path, method, o.names(tables), options=_options(option), own=own)
    synth.save(model, out)
    learned = {"model": str(out), "method": method, "options": dict(model.options), "rows": dict(model.rows)}
    if as_json:
        print_json(learned | {"tables": [name for name in model.specs if name not in model.registers]})
        return
    names = ", ".join(name for name in model.specs if name not in model.registers)
    print(pick(lang, f"{out}: {method}, learned {names}", f"{out}：{method}，已学习 {names}"))
    if model.registers:
        held = ", ".join(model.registers)
        print(pick(lang, f"public tables that go into the copy as they stand: {held}", f"原样进入副本的公共表：{held}"))


def sample(
    model: ModelFile,
    out: o.OutFolder,
    rows: Rows = None,
    seed: o.Seed = "0",
    force: o.Force = False,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Write a synthetic copy from a model: a dataset that `validate` and `evaluate` read, marked as synthetic."""
    from sfbench import synth

    found = synth.load(model)
    with waiting(pick(lang, "sampling", "正在抽样")):
        made = found.write_sample(out, o.natural("--seed", seed), rows, force=force)
    if as_json:
        print_json({"out": str(out), "rows": made})
        return
    total = sum(made.values())
    en = f"{out}: synthetic copy by {found.method}, {len(made)} tables, {total:,} rows"
    print(pick(lang, en, f"{out}：{found.method} 合成副本，{len(made)} 张表，{total:,} 行"))


def methods(as_json: o.Json = False, lang: o.Lang = "en") -> None:
    """List the methods, what each does, and its options."""
    from sfbench import synth
    from sfbench.synth.methods import method_named

    found = [method_named(name) for name in synth.method_names()]
    if as_json:
        print_json([{"name": m.name, "about": m.about, "options": dict(m.options)} for m in found])
        return
    titles = (("method", "方法"), ("what it does", "说明"), ("options", "选项"))
    rows = [(m.name, m.about, ", ".join(f"{k}={v}" for k, v in m.options.items())) for m in found]
    print_table([pick(lang, *title) for title in titles], rows)
    print(pick(lang, SDV_NOTE, "以 sdv_ 开头的方法需安装 sfbench[sdv]：SDV 采用商业源码许可(BUSL-1.1)，并附带 torch。"))


def _options(given: list[str] | None) -> dict[str, str]:
    out = {}
    for text in given or ():
        name, mark, value = text.partition("=")
        if not mark:
            raise SfbenchError(f"{text!r} is no option", where="--option", fix="write NAME=VALUE, e.g. --option k=20")
        out[name.strip()] = value.strip()
    return out
