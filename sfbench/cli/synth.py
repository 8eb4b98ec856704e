"""`sfbench synth`: learn confidential tables, write a synthetic copy, say how safe and how useful it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.failure import FINDINGS, end_in_order
from sfbench.cli.new_file import check_new_files, keep_what_is_there
from sfbench.cli.say import pick, print_json, print_table, waiting
from sfbench.errors import SfbenchError

if TYPE_CHECKING:
    from sfbench.synth.card import Card, Figure

SDV_NOTE = (
    "Methods that begin with sdv_ need `pip install 'sfbench[sdv]'`: SDV is under the Business Source License 1.1 "
    "(no service that gives others SDV's functions), and torch comes with it."
)
HELP = f"A safe copy of your own tables: learn, sample, attack. {SDV_NOTE}"


def fit(
    path: o.Dataset,
    out: o.ModelOut,
    tables: o.LearnedTables = None,
    method: o.CopyMethod = "linked",
    option: o.MethodOption = None,
    metadata: o.Metadata = None,
    keep_out: o.KeepOut = 0.2,
    canaries: o.Canaries = 0,
    force: o.Force = False,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Learn tables and write a model file: plain JSON and Parquet, nothing that runs when it is read.

    Nothing of the tables is written anywhere else. Keys, codes, names, addresses and free text are not learned.
    """
    from sfbench import synth

    check_new_files(out.parent, [out.name], force)
    end_in_order()
    own = None if metadata is None else synth.read_metadata(metadata, path)
    with waiting(pick(lang, "learning", "正在学习")):
        model = synth.fit(
            path,
            method,
            o.names("--tables", tables),
            options=_options(option),
            own=own,
            keep_out=keep_out,
            canaries=canaries,
        )
    synth.save(model, out)
    learned = {"model": str(out), "method": method, "options": dict(model.options), "rows": dict(model.rows)}
    names = [name for name in model.specs if name not in model.registers]
    alone = {} if own is None else synth.loose(model.specs, names)
    if as_json:
        print_json(learned | {"canaries": canaries, "tables": names, "without_parent": alone})
        return
    print(pick(lang, f"{out}: {method}, learned {', '.join(names)}", f"{out}：{method}，已学习 {', '.join(names)}"))
    for name, column in alone.items():
        en = (
            f"{name} has no parent: {name}.{column} is null in some rows (or closes a circle), so each row stands alone"
        )
        zh = f"{name} 没有父表：{name}.{column} 在部分行为空（或构成循环），各行独立学习"
        print(pick(lang, en, zh))
    if canaries:
        en = f"{canaries} canaries were learned, too: this model is for `synth report`, fit without them to publish"
        print(
            pick(
                lang,
                en,
                f"另学习了{canaries}家预埋的虚构企业：该模型供`synth report`检验，发布用模型请不带预埋重新学习",
            )
        )
    if model.registers:
        held = ", ".join(model.registers)
        print(pick(lang, f"public tables that go into the copy as they stand: {held}", f"原样进入副本的公共表：{held}"))


def sample(
    model: o.ModelFile,
    out: o.OutFolder,
    rows: o.Rows = None,
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


def report(
    original: o.Dataset,
    copy: o.CopyFolder,
    holdout: o.Holdout = None,
    thresholds: o.Thresholds = None,
    metadata: o.Metadata = None,
    tables: o.ReportedTables = None,
    no_refit: o.NoRefit = False,
    allow_unjudged: o.AllowUnjudged = False,
    out: o.OutCard = None,
    force: o.Force = False,
    seed: o.DrawSeed = "0",
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Attack a copy and compare it with the original: a card with a verdict by thresholds that you can change.

    Exits with 1 if an attack gains more than allowed, if too few firms were held out to tell, or if a figure of
    fidelity or utility falls short.
    """
    from sfbench.synth.report import FILES, write
    from sfbench.synth.report import report as run

    if out is not None:
        check_new_files(out, FILES, force)
    end_in_order()
    with waiting(pick(lang, "attacking the copy", "正在攻击副本")):
        found = run(
            original,
            copy,
            holdout,
            thresholds=thresholds,
            metadata=metadata,
            tables=o.names("--tables", tables),
            seed=o.natural("--seed", seed),
            shadows=not no_refit,
        )
    if out is not None:
        write(found, out, lang)
    if as_json:
        print_json(found.record())
    else:
        _show(found, lang)
    unsafe = found.safe == "beyond" or (found.safe == "not judged" and not allow_unjudged)
    if unsafe or found.useful == "beyond":
        raise typer.Exit(FINDINGS)


def frontier(
    cards: o.Cards, out: o.OutFrontier = None, force: o.Force = False, as_json: o.Json = False, lang: o.Lang = "en"
) -> None:
    """Cards of several copies side by side: risk, fidelity, utility, and which copy no other beats."""
    from sfbench.synth.frontier import frontier as run
    from sfbench.synth.frontier_page import HEADINGS, NOTE, cells, record, write

    if out is not None:
        keep_what_is_there(out, force)
    rows = run(cards)
    if out is not None:
        write(rows, out, lang)
    if as_json:
        print_json(record(rows))
        return
    print_table([pick(lang, *title) for title in HEADINGS], [cells(row, lang) for row in rows], right=(2, 4, 5, 6))
    print(pick(lang, *NOTE))


def detect(
    path: o.Dataset, out: o.DraftOut, force: o.Force = False, as_json: o.Json = False, lang: o.Lang = "en"
) -> None:
    """Draft the metadata of your own tables for review: names and types, no value and no range of the data."""
    from sfbench.synth.metadata import left_out, write_draft

    keep_what_is_there(out, force)
    found, without = write_draft(path, out), left_out(path)
    if as_json:
        print_json({"out": str(out), "tables": found, "left_out": without})
        return
    en = f"{out}: {', '.join(found)}; review kinds, keys and references, and mark privacy, before you fit"
    print(pick(lang, en, f"{out}：{', '.join(found)}；学习前请核对类型、主键、引用，并标注隐私级别"))
    if without:
        en = f"left out, as columns of their type cannot be learned: {', '.join(without)}"
        print(pick(lang, en, f"以下列因类型无法学习而略去：{'、'.join(without)}"))


def _show(found: Card, lang: o.Language) -> None:
    words = {"within": "符合", "beyond": "超出", "not judged": "未判定"}
    for section, zh in (("privacy", "隐私"), ("fidelity", "保真"), ("utility", "效用")):
        tried = [("tries", "次数"), ("seen from", "可发现的最小风险")] if section == "privacy" else []
        titles = [("figure", "指标"), ("value", "数值"), *tried, ("threshold", "阈值"), ("verdict", "判定")]
        cells = [
            (
                pick(lang, f.en, f.zh),
                "-" if f.value is None else f"{f.value:.3f}",
                *((_tries(f), "-" if f.seen_from is None else f"{f.seen_from:.3f}") if tried else ()),
                f.limit,
                pick(lang, f.verdict, words[f.verdict]),
            )
            for f in found.figures
            if f.section == section
        ]
        right = (1, 2, 3) if tried else (1,)
        print_table([pick(lang, *title) for title in titles], cells, right=right, title=pick(lang, section, zh))
    en = f"privacy: {found.safe}; fidelity and utility: {found.useful}"
    print(pick(lang, en, f"隐私：{words[found.safe]}；保真与效用：{words[found.useful]}"))


def _tries(figure: Figure) -> str:
    return "-" if figure.outcome is None else f"{figure.outcome.tries:,}"


def methods(as_json: o.Json = False, lang: o.Lang = "en") -> None:
    """List the methods, what each does, and its options."""
    from sfbench import synth
    from sfbench.synth.methods import method_named

    found = [method_named(name) for name in synth.method_names()]
    if as_json:
        print_json(
            [{"name": m.name, "about": m.about, "about_zh": m.about_zh, "options": dict(m.options)} for m in found]
        )
        return
    titles = (("method", "方法"), ("what it does", "说明"), ("options", "选项"))
    rows = [
        (m.name, pick(lang, m.about, m.about_zh), ", ".join(f"{k}={v}" for k, v in m.options.items())) for m in found
    ]
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
