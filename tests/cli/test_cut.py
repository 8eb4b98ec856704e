"""A dataset of some days is told from a whole one by whoever counts or judges it."""

from __future__ import annotations

import pytest

VERBS = ["evaluate", "validate", "calibration", "realism"]


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    import sfbench

    folder = tmp_path_factory.mktemp("cut") / "city"
    sfbench.generate("baseline", scale="tiny", seed=3, since="2024-01-31", until="2026-12-31", out=folder)
    return folder


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_that_counts_says_that_the_dataset_is_cut(run, cut, verb):
    assert "the dataset holds only events from 2024-01-31 to 2026-12-31" in run(verb, cut).stderr
    assert "数据集只含2024-01-31至2026-12-31的事件" in run(verb, cut, "--lang", "zh").stderr


def test_of_a_whole_dataset_nothing_is_said(run, tiny):
    assert "only events" not in run("evaluate", tiny, "--measure", "0").stderr
