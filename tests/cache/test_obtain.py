"""The cache: the same wish is the same folder, another wish, code or content another; nothing half-made is seen."""

import multiprocessing
import os
import time

import pytest

import sfbench
from sfbench.cache import Order, cache_folder, clear, kept, obtain, seed_of
from sfbench.cache.city import City
from sfbench.errors import SfbenchError

FEW = ("institution", "month")


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SFBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "datasets"


def ask(order, home, queue):
    os.environ["SFBENCH_CACHE"] = home
    queue.put(str(obtain(order)))


def test_a_kept_dataset_is_the_one_that_generate_makes():
    found = sfbench.verify(obtain(Order(seed=3, tables=FEW)))
    made = sfbench.generate(seed=3, tables=FEW)
    assert found == [] and City(Order(seed=3, tables=FEW), obtain(Order(seed=3, tables=FEW)))["month"] == made["month"]


def test_a_second_wish_is_met_from_the_cache(monkeypatch):
    first = obtain(Order(tables=FEW))
    monkeypatch.setattr("sfbench.api.generate", None)  # nobody may generate any more
    assert obtain(Order(tables=FEW[::-1])) == first


@pytest.mark.parametrize(
    "other", [{"seed": 1}, {"scale": "small"}, {"scenario": "x"}, {"tables": FEW[:1]}, {"as_of": "2025-12-31"}]
)
def test_another_wish_has_another_key(other):
    assert Order(tables=FEW).key != Order(**{"tables": FEW, **other}).key


def test_content_of_ones_own_is_part_of_the_key(tmp_path):
    (tmp_path / "scenarios").mkdir()
    file = tmp_path / "scenarios" / "mine.yaml"
    file.write_text("extends: baseline\n", encoding="utf-8")
    keys = {Order(content=(str(tmp_path),)).key, Order(scenario=str(file)).key}
    file.write_text("extends: baseline\ncaption: another\n", encoding="utf-8")
    assert len(keys | {Order(content=(str(tmp_path),)).key, Order(scenario=str(file)).key}) == 4


def test_processes_that_ask_at_once_get_the_same_whole_dataset(own_cache):
    spawn = multiprocessing.get_context("spawn")
    queue, order = spawn.Queue(), Order(tables=FEW)
    asking = [spawn.Process(target=ask, args=(order, str(own_cache.parent), queue)) for _ in range(3)]
    for process in asking:
        process.start()
    found = {queue.get(timeout=120) for _ in asking}
    for process in asking:
        process.join()
    assert found == {str(own_cache / order.key)} and sfbench.verify(found.pop()) == []
    assert [path.name for path in own_cache.glob("[!.]*")] == [order.key]


def test_a_failed_wish_leaves_nothing(own_cache):
    with pytest.raises(SfbenchError, match="did you mean 'loan'"):
        obtain(Order(tables=("loans",)))
    assert not [path for path in own_cache.iterdir() if path.is_dir()]


def test_a_cache_folder_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SFBENCH_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(SfbenchError, match="SFBENCH_CACHE"):
        obtain(Order(tables=FEW))


def test_what_was_not_used_for_long_can_be_cleared(own_cache):
    old, new = obtain(Order(seed=1, tables=FEW)), obtain(Order(seed=2, tables=FEW))
    os.utime(old, (0, time.time() - 10 * 86400))
    left = own_cache / ".making-killed"
    left.mkdir()
    os.utime(left, (0, time.time() - 10 * 86400))
    assert [one.path for one in kept()] == [new, old] and kept()[0].order["seed"] == 2
    assert [one.path for one in clear(unused_days=5)] == [old]
    assert [path.name for path in own_cache.iterdir() if path.is_dir()] == [new.name]
    assert [one.path for one in clear()] == [new] and kept() == []


def test_the_folder_is_the_users_own_for_caches(monkeypatch, tmp_path):
    monkeypatch.delenv("SFBENCH_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder() == tmp_path / "sfbench"


def test_a_seed_of_a_name_never_changes():
    """The first 31 bits of the SHA-256, worked out with sha256sum."""
    assert seed_of("tests/test_a.py::test_b") == int("df9b21a7", 16) >> 1
