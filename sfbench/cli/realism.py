"""`sfbench realism`: what an expert would look at, measured and held against bands with sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.cut import tell_cut
from sfbench.cli.failure import FINDINGS
from sfbench.cli.new_file import check_new_files
from sfbench.cli.say import confidence, figure, pick, print_json, print_table, reason, unit, waiting

if TYPE_CHECKING:
    from sfbench.realism import Figure, Realism
    from sfbench.realism.thresholds import Threshold

_VERDICTS = {"inside": "在范围内", "outside": "超出范围", "too few": "样本过少", "not computable": "无法计算"}


def realism(
    path: o.Dataset,
    out: o.OutPlots = None,
    check: o.Checks = None,
    force: o.Force = False,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Measure how real the dataset looks: tails, bunching, seasons, survival, first digits, migration and more.

    Each figure with its band and where the band comes from. Exits with 1 if a figure is outside, or none could be
    judged; a figure with too few observations or without its tables is no failure.
    """
    from sfbench.realism import realism as run

    if out is not None:
        from sfbench.realism.checks import checks
        from sfbench.realism.plots import file_of, require_matplotlib

        require_matplotlib()
        drawn = o.names("--check", check) or checks()
        check_new_files(out, [file_of(out, name).name for name in drawn], force)
    tell_cut(path, lang)
    with waiting(pick(lang, "measuring", "正在测算")):
        found = run(path, o.names("--check", check))
    if out is not None:
        _draw(found, out, lang)
    if as_json:
        print_json(found.records())
    else:
        _show(found, lang)
    if not found.holds:
        raise typer.Exit(FINDINGS)


def _show(found: Realism, lang: o.Language) -> None:
    titles = (
        ("figure", "数据"),
        ("measured", "测算值"),
        ("band", "参考范围"),
        ("verdict", "判断"),
        ("source of the band", "范围来源"),
    )
    cells = [
        (
            f"{pick(lang, one.threshold.en, one.threshold.zh)} ({unit(lang, one.threshold.unit)})",
            _value(one.value),
            f"{one.threshold.low:g} - {one.threshold.high:g}",
            _verdict(one, lang),
            _source(one.threshold, lang),
        )
        for one in found.figures
    ]
    print_table([pick(lang, *title) for title in titles], cells, right=(1, 2))
    inside, outside = len(found.of("inside")), len(found.of("outside"))
    rest = len(found.figures) - inside - outside
    en = f"{inside} of {inside + outside} judged figures are inside their bands; {rest} could not be judged"
    print(pick(lang, en, f"{inside + outside}个可判断数据中{inside}个在范围内；{rest}个无法判断"))


def _source(band: Threshold, lang: o.Language) -> str:
    return f"{pick(lang, band.source, band.source_zh)} [{confidence(lang, band.confidence)}]"


def _value(value: float | None) -> str:
    """Three decimals below 1, where correlations and distances lie."""
    return f"{value:.3f}" if value is not None and abs(value) < 1 else figure(value)


def _verdict(one: Figure, lang: o.Language) -> str:
    text = pick(lang, one.verdict, _VERDICTS[one.verdict])
    return f"{text}: {_reason(one, lang)}" if one.reason else text


def _reason(one: Figure, lang: o.Language) -> str:
    if lang == "zh" and one.verdict == "too few":
        return f"{one.observations}个观测，至少需要{one.threshold.least}个"
    return reason(lang, one.reason)


def _draw(found: Realism, out: Path, lang: o.Language) -> None:
    from sfbench.realism.plots import draw

    with waiting(pick(lang, "drawing", "正在绘图")):
        files, labels = draw(found, out, lang)
    if lang != labels:
        typer.echo("图中标签为英文：没有找到中文字体(如 fonts-noto-cjk)", err=True)
    typer.echo(pick(lang, f"{len(files)} plots in {out}", f"{out} 中有{len(files)}张图"), err=True)
