"""Notebooks are kept without outputs; the site shows them as they ran when it was built."""

from __future__ import annotations

import nbformat
import pytest

from tests.world.shared import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_without_outputs_and_without_a_trace_of_who_ran_it(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert [cell.id for cell in cells if cell.outputs or cell.execution_count is not None or cell.metadata] == []
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_has_headings_in_both_languages(path):
    cells = nbformat.read(path, as_version=4).cells
    headings = [line for c in cells if c.cell_type == "markdown" for line in c.source.splitlines() if line[:1] == "#"]
    assert len(headings) > 3
    assert [line for line in headings if not any("\u4e00" <= letter <= "\u9fff" for letter in line)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_ran_when_the_site_was_built(site, path):
    """A cell that fails ends the build; its asserts are the notebook's own."""
    text = (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
    shown = {"assessment-team": "two_way_fixed_effects    bias +0.004", "developer": "passed 1"}[path.stem]
    assert shown in text
    assert list((site / "notebooks" / "img").glob(f"{path.stem}_*.png"))
    assert (site / "notebooks" / path.name).is_file()
