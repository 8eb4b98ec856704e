"""A stand-in for confidential data: a generated world of another seed; models and copies of it that no test changes."""

import pytest

import sfbench
from sfbench import synth

TABLES = ["enterprise", "loan", "loan_balance", "product", "institution", "industry", "month", "district", "cluster"]
LEARNED = ["enterprise", "loan", "loan_balance"]


@pytest.fixture(scope="session")
def confidential(tmp_path_factory):
    out = tmp_path_factory.mktemp("synth") / "confidential"
    sfbench.generate("baseline", scale=0.01, seed=91, tables=TABLES, out=out)
    return out


@pytest.fixture(scope="session")
def linked(confidential):
    return synth.fit(confidential, "linked", LEARNED)


@pytest.fixture(scope="session")
def copy(linked, tmp_path_factory):
    out = tmp_path_factory.mktemp("synth") / "copy"
    linked.write_sample(out, seed=1)
    return out
