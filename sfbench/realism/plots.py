"""Draws the panels of a run as PNG files, one a check. Needs matplotlib, which is loaded by the first plot."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sfbench.errors import SfbenchError
from sfbench.realism.check import Panel, Words
from sfbench.realism.checks import checks
from sfbench.realism.report import Realism

# Fonts with Chinese characters, in the order of preference; the first part of a family's name is enough.
_CHINESE = (
    "Noto Sans CJK",
    "Source Han Sans",
    "WenQuanYi",
    "PingFang",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
)
_COLOURS = ("#1f5a94", "#c8562b", "#4d8a3d", "#7a5195")
_SIZE = (5.6, 4.2)  # inches of a panel
_DOTS = 110  # per inch

Language = Literal["en", "zh"]


def require_matplotlib() -> None:
    """Raises SfbenchError that says how to install it, if it is missing."""
    if find_spec("matplotlib") is None:
        raise SfbenchError(
            "plots need matplotlib, which is not installed",
            where="--out",
            fix="pip install 'sfbench[plots]' or leave --out out: the figures need no plots",
        )


def file_of(out: Path, check: str) -> Path:
    """The picture of a check."""
    return out / f"{check}.png"


def draw(found: Realism, out: Path, lang: Language) -> tuple[list[Path], Language]:
    """Write a PNG for every check that was computed; returns the files and the language of their labels.

    Without a font of Chinese characters the labels are English.
    """
    require_matplotlib()
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    font = _chinese_font() if lang == "zh" else None
    labels: Language = "zh" if font else "en"
    out.mkdir(parents=True, exist_ok=True)
    files = []
    settings: Any = {"font.family": [font] if font else ["DejaVu Sans"], "axes.unicode_minus": False}
    with matplotlib.rc_context(settings):
        for name, panels in found.panels.items():
            wide = min(len(panels), 3 if len(panels) % 2 else 2)
            deep = -(-len(panels) // wide)
            figure, axes = pyplot.subplots(
                deep, wide, figsize=(_SIZE[0] * wide, _SIZE[1] * deep), squeeze=False, layout="constrained"
            )
            for panel, axis in zip(panels, axes.flat, strict=False):
                _panel(axis, panel, labels)
            check = checks()[name]
            mark = "合成数据" if labels == "zh" else "synthetic data"
            figure.suptitle(f"{check.zh if labels == 'zh' else check.en} ({mark})")
            files.append(file_of(out, name))
            figure.savefig(files[-1], dpi=_DOTS)
            pyplot.close(figure)
    return files, labels


def _chinese_font() -> str | None:
    from matplotlib import font_manager

    families = {font.name for font in font_manager.fontManager.ttflist}
    for wanted in _CHINESE:
        for family in sorted(families, key=lambda name: ("SC" not in name, name)):
            if family.startswith(wanted):
                return family
    return None


def _panel(axis: Any, panel: Panel, lang: Language) -> None:
    def text(words: Words) -> str:
        return words[0] if lang == "zh" else words[1]

    axis.set_title(text(panel.title), fontsize=10)
    axis.set_xlabel(text(panel.x))
    axis.set_ylabel(text(panel.y))
    if panel.matrix is not None:
        _heat(axis, panel.matrix)
        axis.set_yticks(range(len(panel.rows)), [text(words) for words in panel.rows], fontsize=8)
        names = [text(words) for words in panel.columns]
        axis.set_xticks(range(len(names)), names, rotation=30, ha="right", fontsize=8)
        return
    for place, series in enumerate(panel.series):
        _series(axis, series.style, series.x, series.y, text(series.name), _COLOURS[place % len(_COLOURS)])
    for mark in panel.marks:
        axis.axvline(mark, color="black", linewidth=1, linestyle="--")
    if panel.log_x:
        axis.set_xscale("log")
    if panel.log_y:
        axis.set_yscale("log")
    if panel.columns:
        axis.set_xticks(range(len(panel.columns)), [text(words) for words in panel.columns])
    elif panel.series and len(panel.series[0].x) <= 15:  # months, years, digits: every one of them
        axis.set_xticks(np.asarray(panel.series[0].x))
    if len(panel.series) > 1:
        axis.legend(fontsize=8, frameon=False)
    axis.grid(alpha=0.25)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)


def _series(axis: Any, style: str, x: Any, y: Any, name: str, colour: str) -> None:
    if style == "bar":
        steps = np.diff(np.asarray(x, float))
        axis.bar(x, y, width=0.85 * (steps.min() if len(steps) else 1.0), color=colour, alpha=0.8, label=name)
    elif style == "points":
        axis.plot(x, y, "o", color=colour, markersize=4, alpha=0.5 if len(x) > 50 else 1.0, label=name)
    else:
        axis.plot(x, y, color=colour, drawstyle="steps-post" if style == "step" else "default", label=name)


def _heat(axis: Any, matrix: Any) -> None:
    """Cells with their numbers; dark cells have light ones."""
    axis.imshow(matrix, cmap="Blues", aspect="auto", vmin=0)
    dark = 0.6 * float(matrix.max(initial=0.0))
    for row, column in np.ndindex(matrix.shape):
        value = float(matrix[row, column])
        shown = f"{value:.1f}" if value else "0"
        axis.text(column, row, shown, ha="center", va="center", fontsize=7, color="white" if value > dark else "black")
