"""Nothing that is declared is missing in the reference: each thing has its place on the site."""

from __future__ import annotations

import re

import pytest

import sfbench
from tests.world.shared import ROOT
from website.reference.commands import verbs


def _page(site, name):
    return (site / "reference" / f"{name}.html").read_text(encoding="utf-8")


def _names(folder, suffix):
    found = {path.stem for path in (ROOT / folder).glob(f"*{suffix}") if not path.stem.startswith("_")}
    assert found
    return found


def _unpublished():
    """Tables whose file says `published=False`."""
    return {path.stem for path in (ROOT / "generators").glob("*.py") if "published=False" in path.read_text("utf-8")}


def test_every_published_table_has_a_page_with_every_column(site):
    tables = _names("generators", ".py") - _unpublished()
    assert {path.stem for path in (site / "reference" / "tables").glob("*.html")} == tables | {"index"}
    data = sfbench.generate("baseline", scale="tiny", seed=1, tables=["loan", "bank_month", "fund"])
    for name in ("loan", "bank_month", "fund"):
        text = _page(site, f"tables/{name}")
        assert [column for column in data[name].column_names if f"<code>{column}</code>" not in text] == []


def test_every_metric_has_its_place_with_its_sql(site):
    text = "".join(path.read_text("utf-8") for path in (site / "reference" / "metrics").glob("measure-*.html"))
    metrics = _names("sfbench/metrics", ".sql")
    assert {name for name in metrics if f'<h2 id="{name}">' not in text} == set()
    assert {name for name in metrics if f"sfbench/metrics/{name}.sql" not in text} == set()
    assert text.count("<strong>定义</strong>") == text.count("<strong>definition</strong>") == len(metrics)


def test_every_hand_written_expectation_is_on_the_page_of_its_table(site):
    text = "".join(path.read_text("utf-8") for path in (site / "reference" / "tables").glob("*.html"))
    written = "".join(path.read_text("utf-8") for path in (ROOT / "expectations").glob("*.yaml"))
    ids = re.findall(r"^\s*- id: (\S+)$", written, re.MULTILINE)
    assert len(ids) > 500
    assert [name for name in ids if f"<code>{name}</code>" not in text] == []


@pytest.mark.parametrize(
    "page, folder, suffix, shown",
    [
        ("scenarios", "scenarios", ".yaml", '<h2 id="{}">'),
        ("assess", "sfbench/assess/methods", ".yaml", '<h2 id="{}">'),
        ("bench", "sfbench/bench/methods", ".py", "<code>{}</code>"),
        ("bench", "sfbench/bench/methods", ".sql", "<code>{}</code>"),
        ("bench", "sfbench/bench/tasks", ".py", "<code>{}</code>"),
        ("bench", "sfbench/bench/question_sql", ".sql", "<code>{}</code>"),
        ("bench", "sfbench/bench/certificates", ".json", "<code>{}</code>"),
        ("faults", "sfbench/reporting/faults", ".py", "<code>{}</code>"),
    ],
)
def test_every_file_of_content_is_in_the_reference(site, page, folder, suffix, shown):
    text = _page(site, page)
    assert {name for name in _names(folder, suffix) if shown.format(name) not in text} == set()


def test_every_parameter_is_in_the_reference(site):
    text = _page(site, "parameters")
    files = (ROOT / "datasets" / "calibration" / "parameters").glob("*.csv")
    lines = [line for path in files for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    names = {line.split(",")[0] for line in lines} - {"parameter"}
    assert len(names) > 100
    assert {name for name in names if f'<a id="{name}">' not in text} == set()


@pytest.mark.parametrize("page", ["cli", "cli.zh"])
def test_every_verb_is_in_the_reference_with_every_option(site, page):
    text = _page(site, page)
    found = dict(verbs())
    assert "sfbench generate" in found and "sfbench bench run" in found
    for path, command in found.items():
        name = path.removeprefix("sfbench ").replace(" ", "-")
        section = text.split(f'<h2 id="{name}">')[1].split("<h2 ")[0]
        options = {option for one in command.params for option in one.opts if option.startswith("--")}
        assert {option for option in options if option not in section} == set(), path


def test_every_public_name_is_in_the_reference_with_its_words(site):
    text = _page(site, "python")
    names = set(sfbench.__all__) - {"__version__"}
    assert {name for name in names if f'<h3 id="{name.lower()}">' not in text} == set()
    assert "An in-memory DuckDB connection with one view per table" in text
