"""Average ranks by hand, and Nemenyi's critical difference against the printed table."""

import math

import numpy as np
import pyarrow.parquet as pq
import pytest

from sfbench.bench.board import board, write
from sfbench.bench.ranks import critical_difference, groups, ranking
from sfbench.bench.results import keep
from sfbench.bench.run import Answer
from sfbench.bench.score import best_first, scores
from sfbench.errors import SfbenchError


def answer(scenario, seed, method, error):
    return Answer(
        scenario=scenario, variant="main", seed=seed, method=method, kind="estimate", seconds=0.0, truth=0.0,
        value=error, figures={"bias": error, "squared": error**2},
    )  # fmt: skip


@pytest.mark.parametrize(("methods", "q"), [(2, 1.960), (3, 2.343), (5, 2.728), (10, 3.164)])
def test_the_critical_difference_is_demsar_s(methods, q):
    # Demšar 2006, table 5a: q at 0.05 of the two-tailed Nemenyi test.
    assert critical_difference(methods, 14) == pytest.approx(q * math.sqrt(methods * (methods + 1) / 84), rel=1e-3)


def test_one_case_tells_nothing_apart():
    assert math.isnan(critical_difference(3, 1)) and groups(np.array([1.0, 2.0]), math.nan) == ["", ""]


def test_ranks_are_means_over_cases_of_the_ranks_of_mean_losses():
    found = ranking(
        [
            answer(case, seed, method, error * (1 + seed / 10))
            for case, errors in (("one", (0.1, 0.2, 0.3)), ("two", (0.2, 0.1, 0.3)))
            for method, error in zip("abc", errors, strict=True)
            for seed in range(3)
        ],
        "rmse",
    )
    assert [(one.method, one.mean) for one in found.ranks] == [("a", 1.5), ("b", 1.5), ("c", 3.0)]
    assert all(one.low == one.mean == one.high for one in found.ranks)  # every seed says the same


def test_what_differs_by_noise_alone_shares_a_rank():
    errors = {"a": 0.1, "b": 0.1 + 1e-15, "c": 0.1 - 1e-15, "d": 0.1 + 3e-15, "e": 0.2, "f": math.inf, "g": math.inf}
    found = ranking([answer("one", seed, name, error) for name, error in errors.items() for seed in (1, 2)], "rmse")
    ranks = {one.method: (one.mean, one.low, one.high) for one in found.ranks}
    assert ranks == {name: (2.5, 2.5, 2.5) for name in "abcd"} | {"e": (5.0,) * 3, "f": (6.5,) * 3, "g": (6.5,) * 3}
    curves = ranking([told(name, 1, {"auc": auc}) for name, auc in (("a", 1.0), ("b", 1.0 - 1e-16))], "auc")
    assert [one.mean for one in curves.ranks] == [1.5, 1.5]


def test_small_losses_keep_their_order():
    found = ranking([answer("one", 1, name, error) for name, error in (("b", 2e-9), ("a", 1e-9))], "rmse")
    assert [(one.method, one.mean) for one in found.ranks] == [("a", 1.0), ("b", 2.0)]


def test_seeds_that_disagree_widen_the_interval():
    errors = {"a": (0.1, 0.9, 0.1, 0.9), "b": (0.5, 0.5, 0.5, 0.5)}
    found = ranking(
        [answer("one", seed, name, error) for name, row in errors.items() for seed, error in enumerate(row)],
        "rmse",
    )
    assert all((one.low, one.high) == (1.0, 2.0) for one in found.ranks)


def test_a_method_that_was_not_everywhere_is_not_ranked():
    every = [answer(case, 1, name, 0.1) for case in ("one", "two") for name in "ab"]
    found = ranking([*every, answer("one", 1, "c", 0.0)], "rmse")
    assert [one.method for one in found.ranks] == ["a", "b"]
    assert ranking([answer("one", 1, "a", 0.1)], "rmse") is None


def test_methods_are_ranked_on_the_seeds_that_all_of_them_have():
    apart = [answer("one", 1, "a", 0.1), answer("one", 2, "b", 0.2)]
    assert ranking(apart, "rmse") is None
    found = ranking([*apart, answer("one", 2, "a", 0.3)], "rmse")
    assert [(one.method, one.mean) for one in found.ranks] == [("b", 1.0), ("a", 2.0)]


def test_groups_are_maximal_runs_within_the_difference():
    assert groups(np.array([1.0, 1.5, 2.2, 4.0]), 1.0) == ["a", "ab", "b", "c"]


def test_an_answer_without_a_figure_comes_last():
    refused = Answer(scenario="one", variant="main", seed=1, method="z", kind="refusal", seconds=0.0, truth=0.0)
    found = ranking([answer("one", 1, "a", 9.0), refused], "rmse")
    assert [one.method for one in found.ranks] == ["a", "z"]


def told(method, seed, figures):
    kind = "estimate" if "squared" in figures else "refusal"
    return Answer(
        scenario="one", variant="main", seed=seed, method=method, kind=kind, seconds=0.0, truth=0.0, figures=figures
    )


def test_where_nothing_is_identified_to_say_so_comes_first():
    silent = [told("z", seed, {"misjudged": 0.0, "claims": 0.0}) for seed in (1, 2)]
    spoken = [told("a", seed, {"misjudged": 1.0, "squared": 0.0, "bias": 0.0}) for seed in (1, 2)]
    found = ranking([*silent, *spoken], "rmse")
    assert [one.method for one in found.ranks] == ["z", "a"]
    assert [one.method for one in best_first(scores([*silent, *spoken]), "rmse")] == ["z", "a"]


def test_where_there_is_an_answer_to_refuse_comes_last():
    silent = [told("a", seed, {"misjudged": 1.0, "claims": 0.0}) for seed in (1, 2)]
    spoken = [told("z", seed, {"misjudged": 0.0, "squared": 9.0, "bias": 3.0}) for seed in (1, 2)]
    found = ranking([*silent, *spoken], "rmse")
    assert [one.method for one in found.ranks] == ["z", "a"]
    assert [one.method for one in best_first(scores([*silent, *spoken]), "rmse")] == ["z", "a"]


def test_of_regret_less_is_better():
    found = ranking([told("a", 1, {"regret": 0.4}), told("b", 1, {"regret": 0.1}), told("c", 1, {})], "regret")
    assert [one.method for one in found.ranks] == ["b", "a", "c"]


def test_the_page_holds_every_score_in_both_languages_and_asks_for_nothing(tmp_path):
    found = [
        answer("s01_uniform_lift", seed, name, 0.1 * seed) for name in ("post_gap", "imputation") for seed in (1, 2)
    ]
    keep(found, tmp_path)
    made = board(tmp_path)
    write(made, tmp_path / "board.html", "zh")
    text = (tmp_path / "board.html").read_text(encoding="utf-8")
    assert text.startswith('<!doctype html>\n<html lang="zh">')
    for words in ("S1 服务站统一启动", "S1 Service stations", "post_gap", "imputation", "0.150 ± 0.050"):
        assert words in text
    assert "http" not in text and "src=" not in text
    write(made, tmp_path / "board.parquet", "en")
    rows = pq.read_table(tmp_path / "board.parquet").to_pylist()
    assert {row["method"] for row in rows} == {"post_gap", "imputation"}
    with pytest.raises(SfbenchError, match=r"a board is no \.txt"):
        write(made, tmp_path / "board.txt", "en")


def test_a_board_of_a_scenario_that_is_not_known_here_says_where_to_give_it(tmp_path):
    keep([answer("mine", 1, "post_gap", 0.1)], tmp_path)
    with pytest.raises(SfbenchError, match=r"scenario 'mine', which was run here, is not known(.|\n)*--content FOLDER"):
        board(tmp_path)
