"""A run resumes what the journal vouches for, replaces only its own, and never looks whole before it is."""

import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from sfbench.errors import SfbenchError
from sfbench.store import manifest
from sfbench.store.read import open_dataset
from sfbench.store.staging import Staging
from sfbench.store.verify import verify

FORK = multiprocessing.get_context("fork")


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_dataset_is_its_manifest_data_and_truth_and_nothing_else(build, tmp_path):
    folder = build(tmp_path / "deep" / "out")
    assert list(tree(folder)) == [
        "data/note/part-00000.parquet",
        "data/note/part-00001.parquet",
        "manifest.json",
        "truth/manifest.json",
    ]
    assert verify(folder) == []


def test_a_rerun_takes_over_finished_parts_and_their_states(tmp_path, notes, write_part):
    states = {"bank_month": {"sum": np.arange(6).reshape(2, 3), "count": np.array([2**62])}}
    with Staging(tmp_path, "p") as first:
        entry = write_part(first.folder, notes, 0)
        first.record(0, {"note": entry}, states)
    assert not (tmp_path / manifest.NAME).exists()
    with Staging(tmp_path, "p") as second:
        found = second.done(0)
        assert found.entries == {"note": entry} and second.done(1) is None
        assert found.states["bank_month"]["sum"].tolist() == [[0, 1, 2], [3, 4, 5]]
        assert found.states["bank_month"]["count"].tolist() == [2**62]


@pytest.mark.parametrize("victim", ["data/note/part-00000.parquet", "state/0.npz", "journal/0.json"])
@pytest.mark.parametrize("damage", [lambda p: p.unlink(), lambda p: p.write_bytes(p.read_bytes()[:-9])])
def test_a_damaged_part_is_not_vouched_for(tmp_path, notes, write_part, victim, damage):
    with Staging(tmp_path, "p") as staging:
        staging.record(0, {"note": write_part(staging.folder, notes, 0)}, {"t": {"a": np.arange(9)}})
        damage(staging.folder / victim)
        assert staging.done(0) is None


def test_a_file_without_a_journal_record_is_neither_resumed_nor_kept(build, tmp_path, notes, write_part):
    with Staging(tmp_path / "out", "plan-0") as staging:
        write_part(staging.folder, notes, 7)
        assert staging.done(7) is None
    assert verify(build(tmp_path / "out")) == []


def test_another_plan_starts_anew(tmp_path, notes, write_part):
    with Staging(tmp_path, "p") as staging:
        staging.record(0, {"note": write_part(staging.folder, notes, 0)})
    with Staging(tmp_path, "q") as staging:
        assert staging.done(0) is None
        assert [p.name for p in staging.folder.parent.iterdir() if p.is_dir()] == ["q"]


def test_a_finished_dataset_is_replaced_with_force_only(build, tmp_path):
    folder = build(tmp_path / "out")
    before = tree(folder)
    with pytest.raises(SfbenchError, match="--force"):
        build(folder, shift=1)
    assert tree(folder) == before
    build(folder, shift=1, force=True, parts=(0,))
    assert manifest.read(folder).seed == 1 and verify(folder) == []
    assert len(tree(folder)) == 3


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["notes.txt", "data/note/part-00000.parquet", "manifest.json", ".building/mine.txt"])
def test_a_foreign_folder_is_never_touched(build, tmp_path, name, force):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(SfbenchError, match="holds something else"):
        build(tmp_path, force=force)
    assert tree(tmp_path) == {name: b"mine"}


@pytest.mark.parametrize("name", ["data/note/notes.txt", "data/other.csv", "truth/mine.csv"])
def test_a_foreign_file_inside_a_dataset_is_not_forced_away(build, tmp_path, name):
    folder = build(tmp_path / "out")
    (folder / name).write_text("mine")
    before = tree(folder)
    with pytest.raises(SfbenchError, match=name):
        build(folder, shift=1, force=True)
    assert tree(folder) == before


def test_a_file_beside_a_dataset_survives_force(build, tmp_path):
    folder = build(tmp_path / "out")
    (folder / "figures.csv").write_text("mine")
    build(folder, shift=1, force=True)
    assert (folder / "figures.csv").read_text() == "mine"


@pytest.mark.parametrize("below", ["", "sub"])
def test_an_output_path_that_is_a_file_is_a_clear_error(build, tmp_path, below):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SfbenchError, match="cannot be written"):
        build(tmp_path / "file" / below)
    assert (tmp_path / "file").read_text() == "mine"


def test_two_runs_cannot_write_one_folder(tmp_path):
    with Staging(tmp_path, "p"), pytest.raises(SfbenchError, match="another process"):
        Staging(tmp_path, "q")
    Staging(tmp_path, "q").close()


def test_a_refused_run_releases_the_folder(build, tmp_path):
    folder = build(tmp_path / "out")
    for _ in range(2):
        with pytest.raises(SfbenchError, match="--force"):
            Staging(folder, "p")


def test_a_manifest_of_a_file_that_was_not_made_is_refused(tmp_path, notes, write_part, describe):
    with Staging(tmp_path, "p") as staging:
        staging.record(0, {"note": write_part(staging.folder, notes, 0)})
        made = describe(staging, [0])
        (staging.folder / "data/note/part-00000.parquet").unlink()
        with pytest.raises(SfbenchError, match="was not made"):
            staging.commit(made)
    assert not (tmp_path / manifest.NAME).exists()


def killed_at(step, work):
    """Run `work` in a process that dies at its `step`-th change of the file tree; whether it got that far."""

    def run():
        seen = 0

        def dying(original):
            def change(*args, **kwargs):
                nonlocal seen
                seen += 1
                if seen > step:
                    os._exit(9)
                return original(*args, **kwargs)

            return change

        for owner, name in ((Path, "rename"), (os, "replace"), (Path, "mkdir"), (Path, "unlink"), (Path, "rmdir")):
            setattr(owner, name, dying(getattr(owner, name)))
        os.rmdir = dying(os.rmdir)
        work()
        os._exit(0)

    process = FORK.Process(target=run)
    process.start()
    process.join()
    return process.exitcode == 9


def test_a_first_run_killed_anywhere_never_looks_whole_and_can_be_finished(build, tmp_path):
    step, killed = 0, True
    while killed:
        out = tmp_path / str(step)
        killed = killed_at(step, lambda out=out: build(out))
        if (out / manifest.NAME).exists():
            assert verify(out) == []
        else:
            with pytest.raises(SfbenchError, match=r"manifest.json is missing"):
                open_dataset(out, declared={})
            assert verify(build(out)) == []
            assert len(tree(out)) == 4
        step += 1
    assert step > 20


def test_a_replacement_killed_anywhere_loses_neither_dataset(build, tmp_path):
    step, killed, seeds = 0, True, []
    while killed:
        out = build(tmp_path / str(step))
        killed = killed_at(step, lambda out=out: build(out, shift=1, force=True))
        if (out / manifest.NAME).exists():
            seeds.append(manifest.read(out).seed)
            assert verify(out) == []
        else:
            with pytest.raises(SfbenchError, match="--force"):  # it brings the old dataset back, then refuses
                build(out, shift=1)
            assert manifest.read(out).seed == 0 and verify(out) == []
        build(out, shift=1, force=True)
        assert verify(out) == [] and len(tree(out)) == 4
        step += 1
    assert seeds == sorted(seeds) and set(seeds) == {0, 1} and len(seeds) < step
