"""A question's file says what is asked; what a method sees of it is what was known."""

import datetime

import polars as pl
import pytest

from sfbench.bench.card import Card
from sfbench.bench.instance import instance, posed
from sfbench.bench.questions import question
from sfbench.bench.tasks import task, task_names
from sfbench.content import listing, method, method_names, scenario, scenario_names
from sfbench.errors import SfbenchError
from tests.bench.shared import TEXT

HEAD = "-- zh: 甲\n-- en: A\n-- asks: what\n-- task: indicator\n-- tables: loan\n"


@pytest.fixture
def asked(tmp_path):
    """`asked(text)`: the question of a user's folder with that text."""

    def write(text):
        folder = tmp_path / "questions"
        folder.mkdir(exist_ok=True)
        (folder / "mine.sql").write_text(text, encoding="utf-8")
        return question("mine", (tmp_path,))

    return write


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD.replace("-- asks: what\n", ""), "no line `-- asks"),
        (HEAD + "-- keys: loan_id\n", "unknown line `-- keys"),
        (HEAD.replace("indicator", "indication"), "unknown task 'indication'"),
        (HEAD.replace("indicator", "bank_ranking"), "has a key"),
        (HEAD + "-- errors: big\n", "absolute or relative"),
        (HEAD + "-- sees: some\n", "all, or what was known"),
    ],
)
def test_what_is_wrong_with_a_head_is_named(asked, text, says):
    with pytest.raises(SfbenchError, match=says):
        asked(text + "SELECT 1 AS value")


def test_an_unknown_question_is_named_with_its_like():
    with pytest.raises(SfbenchError, match="did you mean 'register_total'"):
        question("register_totl")


@pytest.mark.parametrize("name", listing("questions"))
def test_every_question_has_a_naive_method_that_answers_it(name):
    found = question(name)
    naive = method(found.naive).spec
    assert naive.naive and naive.task == found.task and naive.question in ("", name)


@pytest.mark.parametrize("name", [n for n in scenario_names() if scenario(n).trial])
def test_every_posed_scenario_has_a_card_and_two_methods(name):
    trial = posed(scenario(name))
    card = Card.of(trial)
    assert card.task in task_names() and card.contract == task(card.task).asks_en
    specs = [method(m).spec for m in method_names()]
    assert sum(spec.task == card.task and spec.question in ("", card.question) for spec in specs) >= 2
    if trial.claim:
        assert {trial.claim.naive, trial.claim.better} <= set(method_names())


def test_with_foresight_no_table_tells_of_later_days():
    made = instance(scenario("s33_seasoning"), "main", 1)
    last = datetime.date(2026, 6, 30)
    assert pl.from_arrow(made.seen["loan"])["granted_on"].max() <= last
    assert pl.from_arrow(made.seen["loan_balance"])["month"].max() == last
    assert made.value > 0


def of_mine(folder):
    """An instance of a scenario that poses the question `mine`."""
    path = folder / "one.yaml"
    head = "title_zh: 甲\ntitle_en: A\ncaption: A test.\nextends: baseline\n"
    path.write_text(
        f"{head}bench: {{question: mine, scale: 0.002, from: 2025-01, to: 2025-12, card_zh: 甲, card_en: A}}\n",
        encoding="utf-8",
    )
    return instance(scenario(str(path)), "main", 1, (folder,))


def test_a_truth_that_is_no_figure_is_refused(asked, tmp_path):
    asked(HEAD + "SELECT loan_id AS value FROM real.loan")
    with pytest.raises(SfbenchError, match="no single figure"):
        of_mine(tmp_path)
    asked(HEAD + "SELECT 1 AS figure")
    question.cache_clear()
    with pytest.raises(SfbenchError, match="has the columns value"):
        of_mine(tmp_path)


@pytest.mark.parametrize("value", ["NULL", "'nan'::DOUBLE", "'inf'::DOUBLE"])
@pytest.mark.parametrize(
    ("key", "columns"), [("", "{} AS value"), ("-- key: loan_id\n", "1 AS loan_id, {} AS quality")]
)
def test_a_truth_with_a_gap_is_refused(asked, tmp_path, key, columns, value):
    head = HEAD.replace("task: indicator", "task: bank_ranking") if key else HEAD
    asked(head + key + "SELECT " + columns.format(value))
    with pytest.raises(SfbenchError, match="the truth has a gap"):
        of_mine(tmp_path)


def test_a_span_that_ends_before_the_policy_begins_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(TEXT.replace("to: 2026-12", "to: 2025-06"), encoding="utf-8")
    with pytest.raises(SfbenchError, match="no unit with an amount in every quarter is treated within the span"):
        instance(scenario(str(path)), "main", 1)
