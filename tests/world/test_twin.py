"""`generate --twin`: the same world without the levers, in `truth/twin`, and whom each lever reached."""

import datetime

import polars as pl
import pytest

import sfbench
from sfbench.errors import SfbenchError
from sfbench.spec import NEVER
from sfbench.store import manifest
from sfbench.world.plan import plan
from sfbench.world.reach import reach
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


def test_the_exposure_is_whom_the_lever_reached(made):
    found = pl.read_parquet(made / "truth" / "exposure.parquet").sort("enterprise_id")
    wish = plan(SCENARIO, scale=TINY, seed=SEED)
    reached = reach(wish, wish.scenario.levers[0])
    mine = reached["eligible"]
    assert found["enterprise_id"].to_list() == reached["firm"][mine].tolist()
    assert (found["starts_on"].is_null()).to_list() == (reached["start"][mine] == NEVER).tolist()
    assert found["starts_on"].drop_nulls().unique().to_list() == [datetime.date(2025, 7, 1)]
    assert found["unit"].to_list() == reached["unit"][mine].tolist()


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
