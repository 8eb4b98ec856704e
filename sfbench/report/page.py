"""The page of one dataset: its sections, filled in."""

from __future__ import annotations

from pathlib import Path

from sfbench.metrics.latest import series
from sfbench.metrics.writers.file import write_file
from sfbench.report import panels, verdicts
from sfbench.report.banks import banks
from sfbench.report.charts import Both
from sfbench.report.collect import Pieces
from sfbench.report.figures import Figures
from sfbench.report.headline import headlines
from sfbench.report.measures import measures
from sfbench.report.parts import Charts
from sfbench.report.render import rendered
from sfbench.words import Language


def save(pieces: Pieces, path: Path, lang: Language) -> None:
    """Writes the page, whole or not at all. Raises SfbenchError as `check_library` and `write_file` do."""
    page = text(pieces, lang).encode()
    write_file(path, lambda sink: sink.write(page))


def text(pieces: Pieces, lang: Language) -> str:
    """The page, which opens in `lang`. Raises SfbenchError if what draws the charts is not installed."""
    charts, figures = Charts(), Figures(pieces.figures)
    latest = series(pieces.figures, pieces.published, every_cut=False)
    return rendered(
        "report.html",
        lang,
        charts,
        title=_title(pieces),
        pieces=pieces,
        facts=_facts(pieces),
        headlines=headlines(pieces, latest, figures, charts),
        measures=measures(pieces, latest, figures, charts),
        banks=banks(pieces, charts),
        districts=panels.districts(pieces, figures, charts),
        chain=panels.chain(pieces, figures, charts),
        risk=panels.risk(pieces, figures, charts),
        quality=verdicts.QUALITY,
        copy_words=verdicts.COPY,
        counted=verdicts.counted(pieces.checks) if pieces.checks else None,
        violated=verdicts.violated(pieces.checks) if pieces.checks else None,
        attacks=verdicts.attacks(pieces.copy) if pieces.copy else None,
    )


def _title(pieces: Pieces) -> Both:
    made = pieces.made
    if made is None:
        return "深圳科技金融行动方案评估报告", "Report on the Shenzhen technology-finance action plan"
    name = made.scenario
    return (
        f"科技金融行动方案评估报告（合成数据）：{name['title_zh']}",
        f"Report on the technology-finance action plan (synthetic data): {name['title_en']}",
    )


def _facts(pieces: Pieces) -> list[tuple[Both, str]]:
    """Where the figures come from."""
    made = pieces.made
    if made is None:
        return [(("来源", "Source"), "own tables / 自有数据")]
    return [
        (("情景", "Scenario"), " < ".join(map(str, made.scenario["chain"]))),
        (("规模", "Scale"), f"{made.scale:g}"),
        (("种子", "Seed"), str(made.shown_seed)),
        (("数据截至", "As known on"), made.as_of or "–"),
        (("sfbench版本", "Version of sfbench"), made.version),
        (("数据指纹", "Fingerprint of the data"), made.fingerprint),
        (("表数", "Tables"), str(len(made.tables))),
        (("行数", "Rows"), f"{sum(entry.rows for entry in made.tables.values()):,}"),
    ]
