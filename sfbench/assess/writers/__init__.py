"""Writes a result into a folder: a page, a workbook, and tables for machines. One format per file."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from sfbench.assess.apply import Result
from sfbench.assess.scorecard import scorecards
from sfbench.assess.writers import page, plain, workbook
from sfbench.errors import SfbenchError
from sfbench.words import Language

FILES = ("assessment.json", "ranking.csv", "indicators.csv", "replicates.csv", "scorecards.html", "scorecards.xlsx")


def check_folder(out: Path, force: bool) -> None:
    """Refuses a folder that cannot or may not be written, before anything is computed. Raises SfbenchError."""
    if out.exists() and not out.is_dir():
        raise SfbenchError("this is a file", where=f"--out {out}", fix="give a folder")
    if out.is_dir() and any(out.iterdir()) and not force:
        foreign = [path.name for path in out.iterdir() if path.name not in FILES]
        fix = "choose another folder" if foreign else "add --force to replace the files, or choose another folder"
        raise SfbenchError("the folder is not empty", where=f"--out {out}", fix=fix)


def write(result: Result, out: Path, lang: Language, *, synthetic: bool) -> tuple[Path, ...]:
    """Writes what there is to write, and gives the files. Excel is left out where XlsxWriter is not installed.

    Raises SfbenchError if the folder cannot be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SfbenchError("the folder cannot be made", where=f"--out {out}", why=str(error)) from error
    cards = scorecards(result)
    for name in FILES:  # what an earlier run left and this one does not make would be of another result
        (out / name).unlink(missing_ok=True)
    plain.write_json(result, cards, out / "assessment.json")
    plain.write_ranking(cards, out / "ranking.csv")
    plain.write_indicators(result, cards, out / "indicators.csv")
    page.save(result, cards, out / "scorecards.html", lang, synthetic=synthetic)
    if result.uncertainty:
        plain.write_replicates(result, result.uncertainty, out / "replicates.csv")
    if importlib.util.find_spec("xlsxwriter"):
        workbook.save(result, cards, out / "scorecards.xlsx", synthetic=synthetic)
    return tuple(out / name for name in FILES if (out / name).exists())
