"""The demo: headline targets, verdict, files, next steps, and a folder that it may use again."""

import json

import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "city"


def test_the_demo_tells_targets_verdict_files_and_next_steps(run, folder):
    told = run("demo", "--scale", "tiny", "--out", folder)
    assert told.exit_code in (0, 1), told.stderr  # 1 only if a suite finds something in so small a city
    for text in (
        "Headline targets",
        "Tech-enterprise loan growth gap",
        "Great Expectations",
        "synthetic",
        "sfbench evaluate",
    ):
        assert text in told.stdout
    assert "caused by" not in told.stdout
    assert str(folder / "metrics.csv") in told.stdout
    assert (folder / "metrics.csv").is_file()
    assert len(json.loads((folder / "demo.json").read_text(encoding="utf-8"))["targets"]) >= 3


def test_the_demo_runs_again_into_its_own_folder_in_chinese(run, folder):
    told = run("demo", "--scale", "tiny", "--seed", "5", "--out", folder, "--lang", "zh")
    assert told.exit_code in (0, 1), told.stderr
    assert "科技型企业贷款增速差" in told.stdout
    assert "合成数据" in told.stdout
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["seed"] == 5


def test_the_demo_leaves_a_dataset_that_replaced_its_own(run, refused, folder):
    run("demo", "--scale", "tiny", "--out", folder)
    assert run("generate", "baseline", "--tables", "month", "--seed", "9", "--out", folder, "--force").exit_code == 0
    refused("demo", "--scale", "tiny", "--out", folder, says=["another dataset"])
