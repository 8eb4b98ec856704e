"""A blind trial: instances of drawn seeds, which nobody can guess and which can be opened later by name."""

import pytest

from sfbench.bench.shelf import pose, truth_of
from sfbench.cli.bench import numbers
from sfbench.errors import SfbenchError


def test_drawn_seeds_are_long_and_others_each_time():
    first, second = numbers("private:40"), numbers("private:40")
    assert len({*first, *second}) == 80
    assert max(first) > 2**58 and min(first) >= 0 and max(first) < 2**63
    assert list(numbers("3")) == [1, 2, 3] and list(numbers("5-6")) == [5, 6]


@pytest.mark.parametrize("text", ["private", "private:", "private:0", "private:-1", "secret:3", "1:3"])
def test_a_count_of_drawn_seeds_is_a_number_from_one(text):
    with pytest.raises(SfbenchError, match="names no seeds"):
        numbers(text)


def test_who_is_told_the_seed_poses_the_same_instance_under_the_same_name(posed, tmp_path):
    made = pose(posed, variants=("null_twin",), seeds=numbers("private:1"), out=tmp_path / "published")
    ((variant, seed), name) = next(iter(made.items()))
    assert all(str(seed) not in path.name for path in (tmp_path / "published").rglob("*"))
    told = truth_of(tmp_path / "published", name)[0]
    assert (told["variant"], told["seed"]) == (variant, seed)
    again = pose(posed, variants=(told["variant"],), seeds=(told["seed"],), out=tmp_path / "again")
    other = pose(posed, variants=(told["variant"],), seeds=(told["seed"] - 1,), out=tmp_path / "again")
    assert list(again.values()) == [name] != list(other.values())
    for path in (tmp_path / "published" / "instances" / name).iterdir():
        assert path.read_bytes() == (tmp_path / "again" / "instances" / name / path.name).read_bytes()
