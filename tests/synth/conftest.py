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


WIDER = ["guarantee", "credit_application", "collateral", "loan_flow"]


@pytest.fixture(scope="session")
def wider(tmp_path_factory):
    """A smaller city with the tables that hang on notes and firms."""
    out = tmp_path_factory.mktemp("synth") / "wider"
    sfbench.generate("baseline", scale=0.005, seed=92, tables=[*TABLES, *WIDER], out=out)
    return out


@pytest.fixture(scope="session")
def guaranteed(wider):
    return synth.fit(wider, "linked", [*LEARNED, "guarantee"])


@pytest.fixture(scope="session")
def requested(wider):
    return synth.fit(wider, "linked", [*LEARNED, "credit_application"])
