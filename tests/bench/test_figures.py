"""Figures against their definitions, worked out in plain Python over all pairs."""

import datetime
import itertools
import math
import random
import warnings

import pyarrow as pa
import pytest

from sfbench.bench.figures import loss, means, of_estimate, of_marks, of_ranking
from sfbench.errors import SfbenchError
from sfbench.spec import Question

MARKS = Question(name="q", zh="甲", en="A", asks="a", task="gaming_detection", tables=(), key=("id",))
RELATIVE = Question(name="q", zh="甲", en="A", asks="a", task="indicator", tables=(), relative=True)


def marked(seed, keys=40):
    """Truth and answer with ties, in other orders."""
    draw = random.Random(seed)
    labels = [draw.random() < 0.3 for _ in range(keys)]
    scores = [draw.randrange(6) + 2 * label for label in labels]
    order = draw.sample(range(keys), keys)
    truth = pa.table({"id": list(range(keys)), "label": labels})
    answer = pa.table({"id": order, "score": [scores[i] for i in order], "flagged": [scores[i] > 4 for i in order]})
    return truth, answer, labels, scores


@pytest.mark.parametrize("seed", range(5))
def test_auc_is_the_chance_that_a_wanted_key_is_scored_above_another(seed):
    truth, answer, labels, scores = marked(seed)
    pairs = [(scores[i], scores[j]) for i, j in itertools.product(range(40), repeat=2) if labels[i] and not labels[j]]
    wins = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs)
    assert of_marks(MARKS, truth, answer)["auc"] == pytest.approx(wins / len(pairs))


@pytest.mark.parametrize("seed", range(5))
def test_verdicts_are_counted(seed):
    truth, answer, labels, scores = marked(seed)
    hits = sum(label and score > 4 for label, score in zip(labels, scores, strict=True))
    flagged, wanted = sum(score > 4 for score in scores), sum(labels)
    found = of_marks(MARKS, truth, answer)
    assert found["precision"] == pytest.approx(hits / flagged)
    assert found["recall"] == pytest.approx(hits / wanted)
    assert found["f1"] == pytest.approx(2 * hits / (flagged + wanted))


@pytest.mark.parametrize("seed", range(5))
def test_average_precision_steps_down_the_thresholds(seed):
    truth, answer, labels, scores = marked(seed)
    total, before = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        above = [label for label, score in zip(labels, scores, strict=True) if score >= threshold]
        recall = sum(above) / sum(labels)
        total, before = total + (recall - before) * sum(above) / len(above), recall
    assert of_marks(MARKS, truth, answer)["average_precision"] == pytest.approx(total)


def test_a_key_without_a_score_comes_last_and_is_not_flagged():
    truth = pa.table({"id": [1, 2, 3], "label": [True, False, True]})
    found = of_marks(MARKS, truth, pa.table({"id": [1, 2], "score": [0.9, 0.1], "flagged": [True, False]}))
    assert found["auc"] == 0.5 and found["recall"] == 0.5 and found["precision"] == 1.0


def test_without_verdicts_there_are_no_counts_and_without_wanted_keys_no_curve():
    truth = pa.table({"id": [1, 2], "label": [False, False]})
    assert of_marks(MARKS, truth, pa.table({"id": [1, 2], "score": [0, 1]})) == {}
    verdict = pa.table({"id": [1, 2], "score": [0, 1], "flagged": [False, False]})
    assert of_marks(MARKS, truth, verdict) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


@pytest.mark.parametrize("seed", range(5))
def test_tau_counts_pairs_and_corrects_for_ties(seed):
    draw = random.Random(seed)
    quality, score = [[draw.randrange(8) for _ in range(20)] for _ in range(2)]
    pairs = list(itertools.combinations(range(20), 2))

    def sign(x, i, j):
        return (x[i] > x[j]) - (x[i] < x[j])

    agree = sum(sign(quality, i, j) * sign(score, i, j) for i, j in pairs)
    untied = [sum(sign(x, i, j) != 0 for i, j in pairs) for x in (quality, score)]
    truth = pa.table({"id": list(range(20)), "quality": quality})
    found = of_ranking(MARKS, truth, pa.table({"id": list(range(20)), "score": score}))
    assert found["tau"] == pytest.approx(agree / math.sqrt(untied[0] * untied[1]))


def test_top_five_is_the_share_of_the_best_that_are_found():
    truth = pa.table({"id": list(range(10)), "quality": list(range(10))})
    score = [9, 1, 2, 3, 4, 5, 6, 7, 8, 0]  # 5 6 7 8 are found, 9 is not
    assert of_ranking(MARKS, truth, pa.table({"id": list(range(10)), "score": score}))["top5"] == 0.8


@pytest.mark.parametrize(
    ("score", "regret"),
    [([3, 2, 1, 0], 0.0), ([0, 1, 2, 3], 1.0), ([3, 0, 2, 1], 0.125), ([0, 0, 0, 0], 0.0)],
)
def test_regret_is_what_the_chosen_half_lacks_of_what_could_be_gained(score, regret):
    truth = pa.table({"id": [1, 2, 3, 4], "quality": [9.0, 5.0, 4.0, 2.0]})  # best half 14, worst 6
    answer = pa.table({"id": [1, 2, 3, 4], "score": score})
    assert of_ranking(MARKS, truth, answer)["regret"] == pytest.approx(regret)


@pytest.mark.parametrize(
    ("score", "off"),
    [([4, 3, 2, 1], 0.0), ([1, 2, 3, 4], 1.0), ([3, 4, 2, 1], 0.5), ([0, 0, 0, 0], 0.0)],
)
def test_misgrade_is_how_far_grades_given_in_their_true_numbers_are_off(score, off):
    truth = pa.table({"id": [1, 2, 3, 4], "quality": [4.0, 3.0, 2.0, 1.0], "grade": [2, 1, 1, 0]})
    answer = pa.table({"id": [1, 2, 3, 4], "score": score})
    assert of_ranking(MARKS, truth, answer)["misgrade"] == pytest.approx(off)
    assert "misgrade" not in of_ranking(MARKS, truth.drop_columns(["grade"]), answer)


def test_where_all_are_alike_there_is_nothing_to_regret():
    truth = pa.table({"id": [1, 2], "quality": [0.0, 0.0]})
    assert of_ranking(MARKS, truth, pa.table({"id": [1, 2], "score": [1, 2]}))["regret"] == 0.0


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"id": [1, 1, 2], "score": [1, 2, 3]}, "a key twice"),
        ({"id": [1, 2], "points": [1, 2]}, "no column 'score'"),
        ({"key": [1, 2], "score": [1, 2]}, "no column 'id'"),
    ],
)
def test_an_answer_that_is_none_is_refused(answer, says):
    truth = pa.table({"id": [1, 2], "label": [True, False]})
    with pytest.raises(SfbenchError, match=says):
        of_marks(MARKS, truth, pa.table(answer))


@pytest.mark.parametrize("score", [math.inf, -math.inf])
@pytest.mark.parametrize("figure", [of_marks, of_ranking])
def test_an_infinite_score_is_no_answer(figure, score):
    truth = pa.table({"id": [1, 2], "label": [True, False], "quality": [1.0, 2.0]})
    with pytest.raises(SfbenchError, match="a score of the answer is infinite"):
        figure(MARKS, truth, pa.table({"id": [1, 2], "score": [score, 0.0]}))


@pytest.mark.parametrize("score", [None, math.nan])
def test_null_and_nan_are_not_scored(score):
    truth = pa.table({"id": [1, 2], "label": [True, False]})
    assert of_marks(MARKS, truth, pa.table({"id": [1, 2], "score": pa.array([score, 0.0])}))["auc"] == 0.0


def test_relative_errors_are_shares_of_the_truth_and_claim_nothing():
    found = of_estimate(RELATIVE, 200.0, 220.0, 190.0, 250.0)
    assert found == {"bias": 0.1, "squared": pytest.approx(0.01), "coverage": 1.0, "width": 0.3}


def test_means_have_their_monte_carlo_errors():
    found = means([{"bias": 1.0, "squared": 1.0}, {"bias": 3.0, "squared": 9.0}, {"bias": 2.0, "squared": 4.0}])
    assert found["bias"] == (2.0, pytest.approx(1 / math.sqrt(3)))
    assert found["rmse"][0] == pytest.approx(math.sqrt(14 / 3)) and "squared" not in found


def test_a_perfect_method_loses_nothing():
    assert [loss(name, 0.0) for name in ("bias", "rmse", "claims", "misgrade")] == [0] * 4
    assert [loss(name, 1.0) for name in ("auc", "f1", "tau")] == [0, 0, 0]
    assert loss("bias", -0.2) == 0.2


def test_keys_that_are_one_key_as_the_truth_writes_them_are_one_key():
    truth = pa.table({"id": [1, 2], "label": [True, False]})
    with pytest.raises(SfbenchError, match="a key twice"):
        of_marks(MARKS, truth, pa.table({"id": ["1", "01"], "score": [1.0, 0.0]}))


@pytest.mark.parametrize("column", ["id", "score", "flagged"])
@pytest.mark.parametrize("odd", [datetime.date(2025, 1, 1), [1.0], {"a": 1}, "high"])
@pytest.mark.parametrize("figure", [of_marks, of_ranking])
def test_a_column_of_another_type_is_named(figure, odd, column):
    truth = pa.table({"id": [1, 2], "label": [True, False], "quality": [1.0, 2.0]})
    answer = {"id": [1, 2], "score": [1.0, 0.0], "flagged": [True, False]} | {column: [odd, odd]}
    with pytest.raises(SfbenchError, match=f"column '{column}' is not of the type"):
        figure(MARKS, truth, pa.table(answer))


@pytest.mark.parametrize("flagged", [[0.3, 0.9], [2, 0], [-1, 1]])
def test_a_number_in_the_place_of_a_verdict_is_none(flagged):
    truth = pa.table({"id": [1, 2], "label": [True, False]})
    with pytest.raises(SfbenchError, match="a verdict is true or false"):
        of_marks(MARKS, truth, pa.table({"id": [1, 2], "score": [1.0, 0.0], "flagged": flagged}))


@pytest.mark.parametrize("flagged", [[1, 0, 0], [1.0, 0.0, math.nan], [1, 0, None], ["true", "false", "false"]])
def test_one_and_zero_are_verdicts_and_what_is_not_said_is_none(flagged):
    truth = pa.table({"id": [1, 2, 3], "label": [True, True, False]})
    found = of_marks(MARKS, truth, pa.table({"id": [1, 2, 3], "score": [1, 2, 3], "flagged": flagged}))
    assert (found["precision"], found["recall"]) == (1.0, 0.5)


@pytest.mark.parametrize("figure", [of_marks, of_ranking])
def test_an_answer_about_other_keys_is_none(figure):
    truth = pa.table({"id": [1, 2], "label": [True, False], "quality": [1.0, 2.0]})
    with pytest.raises(SfbenchError, match="no key of the answer is asked about"):
        figure(MARKS, truth, pa.table({"id": [3, 4], "score": [1.0, 0.0]}))


@pytest.mark.parametrize("keys", [[], [1, 2]])
def test_a_ranking_without_a_score_is_none_and_marks_without_one_find_nothing(keys):
    truth = pa.table({"id": [1, 2], "label": [True, False], "quality": [1.0, 2.0]})
    answer = pa.table({"id": pa.array(keys, pa.int64()), "score": pa.nulls(len(keys))})
    assert of_marks(MARKS, truth, answer)["auc"] == 0.5
    with pytest.raises(SfbenchError, match="the answer scores no key"):
        of_ranking(MARKS, truth, answer)


@pytest.mark.parametrize("low", [-1e17, 1e17, -1e300])
def test_a_key_without_a_score_comes_last_however_large_the_scores_are(low):
    truth = pa.table({"id": [1, 2], "label": [False, True], "quality": [1.0, 2.0]})
    answer = pa.table({"id": [2], "score": [low]})
    assert of_marks(MARKS, truth, answer)["auc"] == 1.0 and of_ranking(MARKS, truth, answer)["tau"] == 1.0


def test_of_one_key_there_is_no_order_to_get_right():
    truth = pa.table({"id": [1], "quality": [1.0]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = of_ranking(MARKS, truth, pa.table({"id": [1], "score": [1.0]}))
    assert (found["tau"], found["top5"], found["regret"]) == (0.0, 1.0, 0.0)
