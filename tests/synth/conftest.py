"""A stand-in for confidential data: a generated world of another seed; models and copies of it that no test changes."""

import pytest

import sfbench
from sfbench import synth
from tests.synth.shared import EVERY, LEARNED, REGISTERS


@pytest.fixture(scope="session")
def confidential(tmp_path_factory):
    out = tmp_path_factory.mktemp("synth") / "confidential"
    sfbench.generate("baseline", scale=0.01, seed=91, tables=[*LEARNED, *REGISTERS], out=out)
    return out


@pytest.fixture(scope="session")
def linked(confidential):
    return synth.fit(confidential, "linked", LEARNED)


@pytest.fixture(scope="session")
def copy(linked, tmp_path_factory):
    out = tmp_path_factory.mktemp("synth") / "copy"
    linked.write_sample(out, seed=1)
    return out


@pytest.fixture(scope="session")
def wider(tmp_path_factory):
    """A smaller city with every table that has a recipe."""
    out = tmp_path_factory.mktemp("synth") / "wider"
    sfbench.generate("baseline", scale=0.0035, seed=92, tables=[*EVERY, *REGISTERS], out=out)
    return out


@pytest.fixture(scope="session")
def linked_every(wider):
    return synth.fit(wider, "linked", EVERY)


@pytest.fixture(scope="session")
def copy_every(linked_every, tmp_path_factory):
    out = tmp_path_factory.mktemp("synth") / "copy_every"
    linked_every.write_sample(out, seed=1)
    return out
