"""Double counting has a benign twin: where a note is registered once, who adds up is right, and so is who links."""

import pytest

from sfbench.bench.run import run
from sfbench.bench.score import scores
from sfbench.content import scenario

METHODS = ("register_sum", "register_exact", "register_linkage", "register_group_linkage")


def losses(name, folder):
    answers = run(scenario(name), variants=("main",), methods=METHODS, seeds=(1, 2), out=folder)
    return {score.method: score.loss("bias") for score in scores(answers)}


def test_where_a_note_is_registered_once_the_plain_sum_is_right(tmp_path):
    assert max(losses("s17_one_register", tmp_path).values()) == pytest.approx(0, abs=0.01)


def test_where_it_stands_in_three_the_plain_sum_is_not(tmp_path):
    found = losses("s17_three_registers", tmp_path)
    assert found["register_sum"] > 0.2 > found["register_exact"] > 0.05 > found["register_linkage"]


def test_where_sisters_are_named_alike_whole_names_leave_notes_apart(tmp_path):
    """The hard case: entries that name the group are missed by names as they stand; codes and amounts tell sisters."""
    found = losses("s17_named_alike", tmp_path)
    assert found["register_exact"] > 0.15 > found["register_linkage"] > 0.02 > found["register_group_linkage"]


def test_of_what_stands_in_one_name_both_ways_of_linking_say_the_same(tmp_path):
    found = losses("s17_three_registers", tmp_path)
    assert found["register_group_linkage"] == pytest.approx(found["register_linkage"], abs=0.002)
