"""`generate --twin`: the same world without the levers, in `truth/twin`."""

import polars as pl
import pytest

import sfbench
from sfbench.errors import SfbenchError
from sfbench.store import manifest
from tests.world.shared import SEED, TINY

SCENARIO = "s01_uniform_lift"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("twin") / "world"
    sfbench.generate(SCENARIO, scale=TINY, seed=SEED, out=out, twin=True)
    return out


def test_the_twin_is_the_world_without_levers(made):
    twin, base = made / "truth" / "twin", sfbench.generate("baseline", scale=TINY, seed=SEED)
    for name in ("loan", "loan_balance", "bank_month"):
        assert pl.read_parquet(twin / "data" / name / "*.parquet").equals(pl.from_arrow(base[name]), null_equal=True)


def test_only_what_hangs_on_credit_differs(made):
    """The lever moves what firms want to borrow: registers, tags, equity, births and the calendar stay."""
    ours, twin = (manifest.read(folder).tables for folder in (made, made / "truth" / "twin"))
    differ = {name for name in ours if ours[name].columns != twin[name].columns or ours[name].rows != twin[name].rows}
    assert {"loan", "loan_balance", "bank_month", "credit_application"} <= differ
    untouched = {"enterprise", "enterprise_tag", "deal", "fund", "listing", "bond", "institution", "month", "project"}
    assert not untouched & differ


def test_both_are_whole(made):
    assert sfbench.verify(made) == [] and sfbench.verify(made / "truth" / "twin") == []


def test_made_again_it_replaces_the_old_one_and_its_twin(made):
    before = manifest.read(made / "truth" / "twin").fingerprint
    sfbench.generate(SCENARIO, scale=TINY, seed=SEED + 1, out=made, twin=True, force=True)
    assert manifest.read(made / "truth" / "twin").fingerprint != before
    sfbench.generate(SCENARIO, scale=TINY, seed=SEED, out=made, twin=True, force=True)
    assert manifest.read(made / "truth" / "twin").fingerprint == before


def test_a_scenario_without_levers_has_no_twin_and_memory_holds_none(tmp_path):
    with pytest.raises(SfbenchError, match="no lever"):
        sfbench.generate("baseline", scale=TINY, out=tmp_path / "x", twin=True)
    with pytest.raises(SfbenchError, match="no `out`"):
        sfbench.generate(SCENARIO, scale=TINY, twin=True)
    assert not list(tmp_path.iterdir())
