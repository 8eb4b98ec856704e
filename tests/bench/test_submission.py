"""Answers from elsewhere are scored as those of the bench's own processes."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from sfbench.bench.run import run
from sfbench.bench.score import scores
from sfbench.bench.shelf import pose
from sfbench.bench.submission import submitted
from sfbench.cli.app import app
from sfbench.errors import SfbenchError


@pytest.fixture(scope="module")
def folder(posed, tmp_path_factory):
    out = tmp_path_factory.mktemp("posed")
    return out, pose(posed, variants=("main",), seeds=(1, 2), out=out)


def write(folder, name, **columns):
    path = folder / f"{name}.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_a_method_s_own_answers_handed_in_score_the_same(posed, folder, tmp_path):
    out, names = folder
    ours = run(posed, variants=("main",), methods=("post_gap",), seeds=(1, 2), out=out)
    path = write(
        tmp_path,
        "post_gap",
        instance_id=list(names.values()),
        value=[a.value for a in ours],
        low=[a.low for a in ours],
        high=[a.high for a in ours],
    )
    (mine,), (own,) = scores(submitted(path, out)), scores(ours)
    assert mine == own


def test_what_is_left_out_scores_as_the_naive_method_and_is_flagged(posed, folder, tmp_path):
    out, names = folder
    path = write(tmp_path, "half", instance_id=[names["main", 1]], value=[0.1])
    found = submitted(path, out)
    (score,) = scores(found)
    (naive,) = run(posed, variants=("main",), methods=("before_after",), seeds=(2,), out=out)
    own = next(answer for answer in found if answer.kind == "estimate")
    assert score.failures == 1
    assert score.mean("bias") == pytest.approx((0.1 - own.truth + naive.figures["bias"]) / 2)


def test_what_is_left_out_has_failed_and_null_is_a_refusal(folder, tmp_path):
    out, names = folder
    path = write(tmp_path, "half", instance_id=[names["main", 1]], value=pa.array([None], pa.float64()))
    assert sorted(a.kind for a in submitted(path, out)) == ["failed", "refusal"]


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"value": [0.1], "low": [0.2], "high": [0.1]}, "ends before it begins"),
        ({"value": [float("inf")]}, "not finite"),
        ({"value": ["a tenth"]}, "no number"),
    ],
)
def test_an_answer_that_cannot_be_right_has_failed_and_says_why(columns, why, folder, tmp_path):
    out, names = folder
    found = submitted(write(tmp_path, "odd", instance_id=[names["main", 1]], **columns), out)
    mine = next(answer for answer in found if answer.seed == 1)
    assert mine.kind == "failed" and why in mine.why and "bias" in mine.figures


def test_a_file_that_is_no_submission_is_refused(folder, tmp_path):
    out, _ = folder
    with pytest.raises(SfbenchError, match="'instance_id'"):
        submitted(write(tmp_path, "a", value=[1.0]), out)
    with pytest.raises(SfbenchError, match="no instance 'x'"):
        submitted(write(tmp_path, "b", instance_id=["x"], value=[1.0]), out)
    (tmp_path / "c.parquet").write_text("no", encoding="utf-8")
    with pytest.raises(SfbenchError, match="cannot be read"):
        submitted(tmp_path / "c.parquet", out)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary()])
def test_names_are_found_however_a_file_writes_texts(kind, folder, tmp_path):
    out, names = folder
    named = pa.array(list(names.values())).cast(kind)
    found = submitted(write(tmp_path, "own", instance_id=named, value=[0.1, 0.2]), out)
    assert [a.kind for a in found] == ["estimate", "estimate"]


def test_what_is_no_name_is_said(folder, tmp_path):
    with pytest.raises(SfbenchError, match="'instance_id' is no text"):
        submitted(write(tmp_path, "own", instance_id=[["a"]], value=[0.1]), folder[0])


def test_the_command_says_why_an_answer_failed_in_both_languages(folder, tmp_path):
    out, names = folder
    path = write(tmp_path, "own", instance_id=list(names.values()), effect=[0.1, 0.2])
    said = {
        lang: CliRunner().invoke(app, ["bench", "score", str(path), "--out", str(out), "--lang", lang]).stderr
        for lang in ("en", "zh")
    }
    assert "own failed, first with: an estimate is one row with `value`" in said["en"]
    assert "own失败，首个原因：估计须为一行，含`value`" in said["zh"]


def test_the_card_and_the_tables_lie_there_and_the_truth_apart(posed, folder):
    out, names = folder
    assert (out / "cards" / f"{posed.name}.json").is_file()
    for name in names.values():
        assert {path.name for path in (out / "instances" / name).iterdir()} == {"panel.parquet", "register.parquet"}
        assert (out / "truth" / f"{name}.parquet").is_file()
