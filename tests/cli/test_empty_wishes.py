"""A list that names nothing is an error: it neither chooses nothing nor passes for an option that was left out."""

import pytest

import sfbench
from sfbench.errors import SfbenchError


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty") / "city"
    sfbench.generate(tables=["institution", "month"], out=folder)
    return folder


@pytest.mark.parametrize(
    ("verb", "option", "rest"),
    [
        ("export", "--tables", ["--out"]),
        ("changes", "--tables", ["--out"]),
        ("synth fit", "--tables", ["--out"]),
        ("evaluate", "--metric", []),
        ("evaluate", "--measure", []),
        ("evaluate", "--cut", []),
        ("validate", "--suite", []),
        ("realism", "--check", []),
    ],
)
def test_a_list_of_commas_is_told(own, tmp_path, refused, verb, option, rest):
    refused(*verb.split(), own, option, " , ", *rest, *(tmp_path / "new" for _ in rest), says=[option, "is named"])
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("verb", ["generate baseline", "fixture"])
def test_so_it_is_where_data_are_made(tmp_path, refused, verb):
    refused(*verb.split(), "--tables", ",", "--out", tmp_path / "new", says=["--tables", "named"])


def test_cuts_of_a_fixture_are_not_taken_for_the_totals(tmp_path, refused):
    refused("fixture", "--cut", ",", "--out", tmp_path / "new", says=["--cut", "nothing is named"])


def test_a_name_and_a_measure_that_no_metric_has_both_are_told(own, refused):
    refused("evaluate", own, "--metric", "tech_loan_balance", "--measure", "20", says=["no metric is chosen", "both"])


def test_in_python_too(own, tmp_path):
    for ask in (
        lambda: sfbench.open(own, tables=[]),
        lambda: sfbench.export(own, "csv", tmp_path / "new", tables=[]),
        lambda: sfbench.evaluate(own, metrics=[]),
        lambda: sfbench.evaluate(own, measures=[]),
    ):
        with pytest.raises(SfbenchError, match=r"are named|is chosen"):
            ask()
    assert not (tmp_path / "new").exists()
