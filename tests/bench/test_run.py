"""A run of the bench: resumable, in processes that do not see the truth, and a method that fails is flagged."""

import json
import math
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from sfbench.bench.figures import of_estimate
from sfbench.bench.results import keep, kept
from sfbench.bench.run import Answer, run
from sfbench.bench.score import scores
from sfbench.cli.app import app
from sfbench.errors import SfbenchError
from sfbench.spec import Question
from tests.bench.shared import TEXT

METHOD = '''"""A test."""
from sfbench.bench.kit import Estimate, Method, Refusal
METHOD = Method(zh="甲", en="A", task="policy_effect", source="a test")
def answer(con, card):
    {body}
'''


@pytest.fixture
def method(tmp_path):
    """Path of a method file with this body."""

    def write(body, name="own"):
        path = tmp_path / f"{name}.py"
        path.write_text(METHOD.format(body=body), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bench")


def go(posed, folder, *methods, variants=("main",), seeds=(1, 2)):
    return run(posed, variants=variants, methods=methods, seeds=seeds, out=folder)


def test_every_method_answers_every_instance(posed, folder):
    found = go(posed, folder, "two_way_fixed_effects", "before_after", variants=("main", "null_twin"))
    assert [(a.variant, a.seed, a.method) for a in found] == [
        (variant, seed, name)
        for variant in ("main", "null_twin")
        for seed in (1, 2)
        for name in ("before_after", "two_way_fixed_effects")
    ]
    assert all(a.kind == "estimate" and a.low < a.value < a.high for a in found)
    assert all((a.truth == 0) == (a.variant == "null_twin") for a in found)


def test_run_again_it_takes_over_what_is_there(posed, folder):
    first = go(posed, folder, "two_way_fixed_effects")
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert go(posed, folder, "two_way_fixed_effects") == first
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == times


def test_more_seeds_make_only_the_new_ones(posed, folder):
    go(posed, folder, "two_way_fixed_effects")
    before = set(folder.glob("instances/*"))
    go(posed, folder, "two_way_fixed_effects", seeds=(1, 2, 3))
    assert len(set(folder.glob("instances/*")) - before) == 1


def test_a_method_sees_neither_truth_nor_seed_nor_names(posed, folder, method):
    body = """
    import json, os, pathlib
    seen = sorted(p.name for p in pathlib.Path.cwd().rglob("*") if "__pycache__" not in p.parts)
    wish = json.loads(pathlib.Path("wish.json").read_text())
    raise RuntimeError(json.dumps([seen, dict(os.environ), wish]))"""
    (answer,) = go(posed, folder, method(body), seeds=(2,))
    assert answer.kind == "failed"
    seen, environment, wish = json.loads(answer.why.removeprefix("RuntimeError: "))
    assert seen == ["0", "answers.jsonl", "own.py", "panel.parquet", "register.parquet", "wish.json"]
    assert set(wish) == {"method", "card", "instances", "seconds", "memory", "out"}
    assert str(folder) not in answer.why and posed.name not in wish["card"].values()
    assert set(environment) <= {"PATH", "PYTHONPATH", "OMP_NUM_THREADS", "LC_CTYPE"}


def test_no_instance_lies_beside_its_null_twin(posed, folder, method):
    body = "import os; return Estimate(value=len(os.listdir('.')), se=1, low=0, high=99)"
    alone = go(posed, folder, method(body, name="alone"))
    beside = go(posed, folder, method(body, name="beside"), variants=("main", "null_twin"))
    assert all(a.kind == "estimate" for a in (*alone, *beside))
    assert {a.value for a in beside} == {a.value for a in alone}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return 1 / 0", "ZeroDivisionError"),
        ("return 0.3", "it answered float"),
        ('return Estimate(value=float("nan"), se=1.0, low=0.0, high=1.0)', "not finite"),
        ("return Estimate(value=0.1, se=1.0, low=0.2, high=0.1)", "ends before it begins: 0.2 to 0.1"),
        ("return con.sql(\"SELECT 0.1 AS value, 'x' AS low, 0.2 AS high\")", "no number"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import numpy; numpy.ones(1 << 33); return None", "out of memory"),
        ("return con.sql('SELECT 0.1 AS effect')", "one row with `value`, perhaps `low`, `high`, and not 1 of effect"),
        ("return con.sql('SELECT unnest([1, 2]) AS value')", "and not 2 of value"),
        ("import pyarrow as pa; return pa.table([pa.array([1])] * 2, ['value', 'value'])", "a column twice"),
    ],
)
def test_a_method_that_fails_scores_as_the_naive_one_and_is_flagged(posed, folder, method, body, why):
    found = go(posed, folder, method(body), "before_after")
    failed = [a for a in found if a.method == "own"]
    assert all(a.kind == "failed" and why in a.why for a in failed)
    naive, own = scores(found)
    assert own.failures == 2 and own.figures == naive.figures


def test_a_failed_method_scores_as_the_naive_one_though_nobody_asked_for_that(posed, folder, method):
    alone = go(posed, folder, method("return 1 / 0"), variants=("main", "null_twin"))
    assert {a.method for a in alone} == {"own"} and {a.kind for a in alone} == {"failed"}
    naive = go(posed, folder, "before_after", variants=("main", "null_twin"))
    assert [a.figures for a in alone] == [a.figures for a in naive]


@pytest.mark.parametrize("code", [0, 3])
def test_a_method_that_ends_its_process_has_failed_and_the_run_goes_on(posed, folder, method, code):
    own, naive = go(posed, folder, method(f"import os; os._exit({code})"), "before_after", seeds=(1,))[::-1]
    assert own.kind == "failed" and f"code {code}" in own.why and own.figures == naive.figures


@pytest.mark.parametrize(
    "body",
    [
        "return con.sql('SELECT sum(a.range * b.range % 7) AS value FROM range(10000000) AS a, range(10000000) AS b')",
        """
    while True:
        try:
            time.sleep(3600)
        except Exception:
            pass""",
        """
    while True:
        try:
            time.sleep(3600)
        except BaseException:
            pass""",
        """
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    time.sleep(3600)""",
    ],
)
def test_a_method_without_an_end_is_ended_whatever_it_does_about_it(posed, folder, method, body, monkeypatch):
    monkeypatch.setattr("sfbench.bench.run.SECONDS", 1)
    (own,) = go(posed, folder, method(f"import signal, time{body}" if body[0] == "\n" else body), seeds=(1,))
    assert own.kind == "failed" and own.why == "it took longer than 1 s"


def test_methods_of_one_name_are_refused_as_their_answers_could_not_be_told_apart(posed, folder, method):
    path = method("return Estimate(value=0.9, se=0.1, low=0.8, high=1.0)", "before_after")
    with pytest.raises(SfbenchError, match="two methods are called 'before_after'"):
        go(posed, folder, "before_after", path)


def test_a_run_without_a_method_says_where_to_give_one(posed, folder):
    with pytest.raises(SfbenchError, match=r"no method answers(.|\n)*'tech_sme_quarter' \(policy_effect\)"):
        go(posed, folder)


def test_an_instance_that_ends_the_process_first_leaves_the_others_answers(posed, folder, method):
    body = """
    import os, pathlib
    if not pathlib.Path("seen").exists():
        pathlib.Path("seen").touch()
        os._exit(3)
    return Estimate(value=0.1, se=0.1, low=0.0, high=0.2)"""
    first, second = go(posed, folder, method(body))
    assert first.kind == "failed" and "code 3" in first.why and second.kind == "estimate"


def test_a_method_that_ends_the_process_before_it_is_asked_is_an_error(posed, folder, method):
    path = method("return None\n\nimport os, sys\nif sys.argv[0].endswith('worker.py'):\n    os._exit(3)")
    with pytest.raises(SfbenchError, match="does not run"):
        go(posed, folder, path)


def test_an_instance_that_ends_the_process_leaves_the_others_answers(posed, folder, method):
    body = """
    import os
    if not hasattr(answer, "once"):
        answer.once = True
        return Estimate(value=0.1, se=0.1, low=0.0, high=0.2)
    os._exit(3)"""
    first, second = go(posed, folder, method(body))
    assert first.kind == "estimate" and second.kind == "failed" and "code 3" in second.why


def test_a_refusal_is_an_answer(posed, folder, method):
    found = go(posed, folder, method('return Refusal("no", "否")'))
    (score,) = scores(found)
    assert (score.refusals, score.failures, score.mean("claims")) == (2, 0, 0.0) and math.isnan(score.mean("bias"))


def test_a_method_of_another_task_is_refused(posed, folder, tmp_path):
    path = tmp_path / "other.py"
    path.write_text(METHOD.format(body="return None").replace("policy_effect", "bank_ranking"), encoding="utf-8")
    with pytest.raises(SfbenchError, match="for the task 'bank_ranking'"):
        go(posed, folder, str(path))


QUESTION = Question(name="q", zh="甲", en="A", asks="a", task="policy_effect", tables=())


def answer(seed, value, low, high, truth, kind="estimate"):
    figures = of_estimate(QUESTION, truth, value, low, high) if kind == "estimate" else {"claims": 0.0}
    return Answer(
        scenario="s", variant="main", seed=seed, method="m", kind=kind, value=value, low=low, high=high,
        why="", seconds=0.0, truth=truth, figures=figures,
    )  # fmt: skip


def test_without_scipy_the_run_says_what_to_install(posed, folder, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SfbenchError, match=r"sfbench\[bench-methods\]"):
        go(posed, folder, "before_after")


def test_scores_by_hand():
    found = [answer(1, 0.1, 0.0, 0.2, 0.05), answer(2, 0.3, 0.2, 0.4, 0.15), answer(3, 0.0, -0.2, 0.2, 0.1)]
    (score,) = scores(found)
    assert score.mean("bias") == pytest.approx((0.05 + 0.15 - 0.1) / 3)
    assert score.mean("rmse") == pytest.approx(((0.05**2 + 0.15**2 + 0.1**2) / 3) ** 0.5)
    assert score.mean("coverage") == pytest.approx(2 / 3) and score.mean("width") == pytest.approx(0.8 / 3)
    assert score.mean("claims") == pytest.approx(1 / 3) and score.truth == pytest.approx(0.1)
    assert score.figures["bias"][1] == pytest.approx(0.12583057 / 3**0.5)


def test_results_are_read_back_as_they_were(tmp_path):
    found = [answer(1, 0.1, 0.0, 0.2, 0.05), answer(2, None, None, None, 0.1, "refusal")]
    keep(found, tmp_path)
    assert kept(tmp_path) == found
    with pytest.raises(SfbenchError, match="no results"):
        kept(tmp_path / "results")


def test_another_run_s_results_are_kept_beside(tmp_path):
    one, two = answer(1, 0.1, 0.0, 0.2, 0.05), answer(2, 0.3, 0.2, 0.4, 0.15)
    other = replace(one, method="another")
    null, better = replace(one, variant="null_twin"), replace(one, value=0.05)
    for run_ in ([one, two], [other], [null], [better]):
        keep(run_, tmp_path)
    assert kept(tmp_path) == [other, better, two, null]


def test_results_of_another_scenario_or_method_of_that_name_are_dropped(tmp_path):
    old = replace(answer(1, 0.1, 0.0, 0.2, 0.05), world="a", code="x")
    beside = replace(old, method="another", code="y")
    keep([old, beside], tmp_path)
    written_anew = replace(old, seed=2, code="z")
    keep([written_anew], tmp_path)
    assert kept(tmp_path) == [beside, written_anew]
    posed_anew = replace(written_anew, world="b")
    keep([posed_anew], tmp_path)
    assert kept(tmp_path) == [posed_anew]


def test_an_answer_tells_what_it_was_to_and_by(posed, folder, method):
    (ours,) = go(posed, folder, "post_gap", seeds=(1,))
    (again,) = go(posed, folder, "post_gap", seeds=(2,), variants=("null_twin",))
    (one,) = go(posed, folder, method("return 0.1"), seeds=(1,))
    (other,) = go(posed, folder, method("return 0.2"), seeds=(1,))
    assert ours.world and ours.code and (ours.world, ours.code) == (again.world, again.code)
    assert one.world == other.world == ours.world and len({ours.code, one.code, other.code}) == 3
    (moved,) = go(replace(posed, params=dict(posed.params) | {"credit.tag_lift": 0.11}), folder, "post_gap", seeds=(1,))
    assert moved.world != ours.world and moved.code == ours.code


def test_a_connection_of_a_method_opens_no_file(posed, folder, method, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    body = f"""
    try:
        con.execute("FROM '{tmp_path / "secret.csv"}'")
    except Exception as error:
        raise RuntimeError(type(error).__name__)
    return None"""
    (answer,) = go(posed, folder, method(body), seeds=(2,))
    assert answer.why == "RuntimeError: PermissionException"


def test_a_query_is_a_method(posed, folder, tmp_path):
    path = tmp_path / "gap.sql"
    path.write_text(
        "-- zh: 甲\n-- en: A\n-- task: policy_effect\n-- source: a test\n"
        "SELECT avg(y) FILTER (start IS NOT NULL) - avg(y) FILTER (start IS NULL) AS value\n"
        "FROM panel JOIN register USING (unit) WHERE period >= 6\n",
        encoding="utf-8",
    )
    mine, ours = go(posed, folder, str(path), "post_gap", seeds=(1,))
    assert mine.kind == "estimate" and mine.value == pytest.approx(ours.value)


def test_a_query_of_no_rows_is_a_refusal_and_a_bad_one_has_failed(posed, folder, tmp_path):
    head = "-- zh: 甲\n-- en: A\n-- task: policy_effect\n-- source: a test\n"
    for name, sql, kind in (("none", "SELECT NULL AS value", "refusal"), ("bad", "SELECT nothing", "failed")):
        path = tmp_path / f"{name}.sql"
        path.write_text(head + sql, encoding="utf-8")
        assert [a.kind for a in go(posed, folder, str(path), seeds=(1,))] == [kind]


@pytest.mark.parametrize(
    ("sql", "why"), [("SELECT $seed AS value", "no parameter $seed"), ("-- nothing", "the query gives no rows")]
)
def test_what_a_query_cannot_ask_or_answer_is_said(posed, folder, tmp_path, sql, why):
    path = tmp_path / "own.sql"
    path.write_text(f"-- zh: 甲\n-- en: A\n-- task: policy_effect\n-- source: a test\n{sql}\n", encoding="utf-8")
    (own,) = go(posed, folder, str(path), seeds=(1,))
    assert own.kind == "failed" and why in own.why


def test_what_a_method_s_own_error_says_stays_as_it_says_it_in_chinese(posed, folder, method, tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(TEXT, encoding="utf-8")
    body = 'raise TypeError("answer() takes 1 positional argument but 2 were given")'
    words = ["bench", "run", str(path), "--seeds", "1", "--variant", "main", "--method", method(body)]
    said = CliRunner().invoke(app, [*words, "--out", str(folder), "--lang", "zh"]).stderr
    assert "own失败，首个原因：TypeError: answer() takes 1 positional argument but 2 were given" in said
