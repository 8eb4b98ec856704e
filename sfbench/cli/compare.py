"""`sfbench compare`: two datasets side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sfbench.cli import options as o
from sfbench.cli.content import folders
from sfbench.cli.new_file import check_new_file
from sfbench.cli.say import figure, month, pick, print_json, print_table, size, waiting

if TYPE_CHECKING:
    import datetime

    import pyarrow as pa

    from sfbench.report.compare import Pair
    from sfbench.spec import Metric

_SHOWN = 60  # lines that a person reads


def compare(
    left: o.First,
    right: o.Second,
    out: o.OutComparison = None,
    until: o.UntilMonth = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Set the metrics of two datasets side by side, at the latest month that both have.

    Prints what differs most first; --out writes a page with all of it and its course over time.
    """
    from sfbench.metrics.catalogue import catalogue
    from sfbench.report import check_library
    from sfbench.report.compare import pairs, save

    if out is not None:
        check_new_file(out, force, (".html",))
        check_library()
    extra, last = folders(content), o.day("--until", until)
    known = catalogue(extra).metrics
    with waiting(pick(lang, "computing metrics", "正在计算指标")):
        (a, of_a), (b, of_b) = (_figures(path, extra) for path in (left, right))
        days = [day for day in (last, of_a, of_b) if day is not None]
        found = pairs(a, b, min(days, default=None))
    if out is not None:
        save(a, b, (_side(left), _side(right)), found, known, out, lang)
    if as_json:
        facts = ("metric", "component", "measure", "unit", "period", "a", "b", "difference", "percent")
        print_json([{name: getattr(pair, name) for name in facts} for pair in found])
    else:
        ordered = sorted(found, key=lambda pair: -abs(pair.percent or 0))
        headings = [
            pick(lang, *words) for words in (("metric", "指标"), ("month", "月份"), ("A", "A"), ("B", "B"), ("%", "%"))
        ]
        rows = [
            (
                _name(pair, known.get(pair.metric), lang),
                month(pair.period),
                figure(pair.a, pair.unit, lang),
                figure(pair.b, pair.unit, lang),
                "-" if pair.percent is None else f"{pair.percent:+.1f}",
            )
            for pair in ordered[:_SHOWN]
        ]
        print_table(headings, rows, right=(2, 3, 4))
        shown = min(len(found), _SHOWN)
        print(
            pick(
                lang,
                f"{shown} of {len(found)} figures: --json or --out FILE.html",
                f"显示{shown}/{len(found)}项：--json 或 --out FILE.html",
            )
        )
        if out is not None:
            print(f"{out}: {size(out.stat().st_size)}")


def _name(pair: Pair, metric: Metric | None, lang: o.Language) -> str:
    """Metric and component; a file of figures may have some that nobody declares here."""
    from sfbench.metrics import label

    if metric is None or pair.component not in {part.name for part in metric.components}:
        return f"{pair.metric}: {pair.component}"
    return f"{label(metric, lang)}: {label(metric, lang, pair.component)}"


def _figures(path: Path, content: tuple[Path, ...]) -> tuple[pa.Table, datetime.date | None]:
    """The long table and the last published month, which a file of figures does not tell."""
    from sfbench.metrics.folder import evaluate_folder
    from sfbench.report import read_figures

    if path.suffix == ".parquet":
        return read_figures(path), None
    found = evaluate_folder(path, content=content)
    return found.table, found.published


def _side(path: Path) -> tuple[str, str]:
    from sfbench.store import manifest

    if not (path / manifest.NAME).exists():
        return str(path), str(path)
    made = manifest.read(path)
    words = f"{made.scale:g}, seed {made.shown_seed}"
    return f"{path}（{made.scenario['title_zh']}，{words}）", f"{path} ({made.scenario['title_en']}, {words})"
