"""Wrong numbers and places of `sfbench bench`: one clear error each, before anything is made."""

import pytest

SCENARIO = "s01_uniform_lift"


@pytest.mark.parametrize("verb", ["run", "pose", "certify"])
@pytest.mark.parametrize("jobs", [0, -2])
def test_fewer_than_one_job_is_an_error(verb, jobs, refused, tmp_path):
    refused("bench", verb, SCENARIO, "--jobs", jobs, "--out", tmp_path / "b", says=[f"--jobs {jobs} is less than 1"])
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("verb", ["run", "pose", "certify"])
@pytest.mark.parametrize("taken", ["", "answers", "results"])
def test_a_file_where_a_folder_goes_stays_as_it_is(verb, taken, refused, tmp_path):
    out = tmp_path / "b"
    (out / taken).parent.mkdir(exist_ok=True)
    (out / taken).write_text("mine")
    refused("bench", verb, SCENARIO, "--out", out, says=["the output folder cannot be written", "choose a folder"])
    assert (out / taken).read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", SCENARIO, "--seeds", "99999999999999999999"], "99999999999999999999 seeds are too many"),
        (["pose", SCENARIO, "--seeds", "5-99999999999999999999"], "99999999999999999995 seeds are too many"),
        (["pose", SCENARIO, "--seeds", "private:99999999999999999999"], "99999999999999999999 seeds are too many"),
        (
            ["run", SCENARIO, "--seeds", "99999999999999999999-99999999999999999999"],
            "no whole number from 0 to 2**63-1",
        ),
        (["run", SCENARIO, "--seeds", "²"], "names no seeds"),
        (["certify", SCENARIO, "--sample", "99999999999999999999"], "99999999999999999999 seeds are too many"),
        (["certify", SCENARIO, "--write", "nowhere/c.json"], "the file cannot be written"),
    ],
)
def test_a_bad_wish_is_one_clear_error(words, says, refused, tmp_path):
    refused("bench", *words, "--out", tmp_path / "b", says=[says])
    assert not list((tmp_path / "b").glob("instances/*"))


@pytest.mark.parametrize("ending", ["html", "parquet"])
def test_a_board_goes_into_a_folder_that_exists(ending, refused, tmp_path):
    refused("bench", "board", tmp_path, "--out", tmp_path / "none" / f"b.{ending}", says=["the file cannot be written"])
