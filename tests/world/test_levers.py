"""A lever changes what it causes: for the firms that it reaches, from its month on, and nothing else."""

import polars as pl
import pytest

import sfbench
from sfbench.content import scenario
from sfbench.content.levers import REPORTING
from sfbench.errors import SfbenchError
from sfbench.folders import read_csv
from sfbench.spec import NEVER
from sfbench.world import levers
from sfbench.world.plan import plan
from sfbench.world.reach import births, reach
from sfbench.world.variants import variant
from tests.world.shared import SEED, TWO_BLOCKS, frames, world

HEAD = "title_zh: 甲\ntitle_en: A\ncaption: A test.\nextends: baseline\nlevers:\n"
START, START_MONTH = "2024-01", 2024 * 12
FIRM_TABLES = ["credit_application", "deal", "enterprise_year", "loan"]
# A size that is large enough to be seen in a world of two blocks, by parameter.
SIZES = {
    "credit.demand": "multiply: 0.3",
    "credit.approval_lift": "add: 0.3",
    "credit.tag_lift": "add: 0.3",
    "credit.distress_penalty": "add: 0.5",
    "credit.rate_lift": "add: -0.5",
    "risk.distress_level": "multiply: 2.0",
    "risk.distress_default": "multiply: -0.9",
    "risk.extension": "multiply: 1.0",
    "risk.evergreening": "add: 0.8",
    "equity.level": "multiply: 2.0",
}


def lever(parameter, cohorts=f"[{{from: {START}, share: 0.5}}]", more=""):
    """The text of a scenario with one lever."""
    words = "title_zh: 试点\n    title_en: Pilot\n    source: a test"
    what = f"parameter: {parameter}\n    {SIZES[parameter]}\n    cohorts: {cohorts}"
    return f"{HEAD}  - name: pilot\n    {words}\n    {what}\n{more}"


@pytest.fixture(scope="module")
def pulled(tmp_path_factory):
    """`pulled(parameter)`: (the world with that lever, its plan)."""
    folder, made = tmp_path_factory.mktemp("levers"), {}

    def make(parameter):
        if parameter not in made:
            path = folder / f"{parameter.replace('.', '_')}.yaml"
            path.write_text(lever(parameter), encoding="utf-8")
            made[parameter] = (
                frames(sfbench.generate(str(path), scale=TWO_BLOCKS, seed=SEED)),
                plan(str(path), scale=TWO_BLOCKS, seed=SEED),
            )
        return made[parameter]

    return make


def reached(wish):
    """Enterprise numbers that the plan's lever reaches."""
    found = reach(wish, wish.scenario.levers[0])
    return found["firm"][found["start"] < NEVER].tolist()


def test_every_parameter_of_the_list_has_a_size_here():
    assert {*SIZES, REPORTING} == set(read_csv("lever/parameter.csv")["parameter"])


@pytest.mark.parametrize("parameter", SIZES)
def test_a_lever_moves_firms_that_it_reaches_and_leaves_the_credit_and_equity_of_others(pulled, parameter):
    tables, wish = pulled(parameter)
    treated = pl.Series(reached(wish))
    assert 0.4 < len(treated) / wish.firms < 0.6
    base, moved = world(), 0
    for name in FIRM_TABLES:
        apart = pl.col("enterprise_id").is_in(treated.implode())
        ours, theirs = (found[name].drop("deal_id", strict=False) for found in (tables, base))
        if name == "deal":  # what funds put in depends on who else asks; in whom they do does not
            ours, theirs = (found.select("enterprise_id").unique().sort("enterprise_id") for found in (ours, theirs))
        assert ours.filter(~apart).equals(theirs.filter(~apart)), name
        moved += not ours.filter(apart).equals(theirs.filter(apart))
    assert moved


def test_nothing_before_the_start_moves(pulled):
    ours, base = pulled("credit.demand")[0]["loan"], world()["loan"]
    first = pl.date(2024, 1, 1)
    assert ours.filter(pl.col("granted_on") < first).equals(base.filter(pl.col("granted_on") < first))


def test_new_credit_of_treated_firms_rises_by_the_size_of_the_lever(pulled):
    ours, wish = pulled("credit.demand")
    changed = (
        ours["loan"]
        .join(world()["loan"], on="loan_id", suffix="_twin")
        .filter(pl.col("enterprise_id").is_in(reached(wish)) & (pl.col("granted_on") > pl.date(2024, 3, 31)))
    )
    assert changed["amount_rmb"].sum() / changed["amount_rmb_twin"].sum() == pytest.approx(1.3, abs=0.05)


def test_the_twin_of_a_plan_is_the_world_without_its_levers(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(lever("credit.demand"), encoding="utf-8")
    wish = plan(str(path), scale="tiny", seed=3)
    assert wish.scenario.levers and not wish.twin.scenario.levers
    assert wish.twin.digest != wish.digest


BESIDE = """  - name: shock
    title_zh: 冲击
    title_en: Shock
    source: a test
    parameter: risk.distress_level
    multiply: 1.0
    stays: true
    drawn_as: pilot
    cohorts: [{from: 2024-06, share: 0.2}, {from: 2024-03, share: 0.6}]
"""


def test_a_lever_that_stays_is_in_the_twin_too(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(lever("credit.demand", more=BESIDE), encoding="utf-8")
    wish = plan(str(path), scale="tiny", seed=3)
    assert [one.name for one in wish.twin.scenario.levers] == ["shock"]
    null = variant(wish.scenario, "null_twin").levers
    assert [(one.name, one.first) for one in null] == [("pilot", 0.0), ("shock", 1.0)]


def test_levers_that_are_drawn_alike_meet_as_their_shares_say(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(lever("credit.demand", more=BESIDE), encoding="utf-8")
    wish = plan(str(path), scale=TWO_BLOCKS, seed=3, tables=("enterprise",))
    pilot, shock = (reach(wish, one)["start"] for one in wish.scenario.levers)
    both = pl.DataFrame({"pilot": pilot < NEVER, "shock": shock}).group_by("pilot", "shock").len()
    share = {(row[0], row[1]): row[2] / wish.firms for row in both.rows()}
    june, march = 2024 * 12 + 5, 2024 * 12 + 2
    assert set(share) == {(True, june), (True, march), (False, march), (False, NEVER)}
    assert [share[True, june], share[True, march], share[False, march]] == pytest.approx([0.2, 0.3, 0.3], abs=0.02)


def test_a_lever_that_is_drawn_as_none_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(
        lever("credit.demand", more=BESIDE.replace("drawn_as: pilot", "drawn_as: pilots")), encoding="utf-8"
    )
    with pytest.raises(SfbenchError, match="no such lever by like units"):
        scenario(str(path))


@pytest.mark.parametrize(
    ("more", "month", "size"),
    [
        ("", 0, 0.3),
        ("", -1, 0.0),
        ("    grows: {by: 0.1, every: 3}\n", 2, 0.3),
        ("    grows: {by: 0.1, every: 3}\n", 3, 0.4),
        ("    grows: {by: 0.1, every: 3, most: 0.5}\n", 60, 0.5),
        ("    before: {months: 3, size: -0.06}\n", -3, -0.06),
        ("    before: {months: 3, size: -0.06}\n", -4, 0.0),
        ("    to: 2024-07\n", 5, 0.3),
        ("    to: 2024-07\n", 6, 0.0),
    ],
)
def test_the_size_of_the_effect_by_month_since_the_start(tmp_path, more, month, size):
    path = tmp_path / "one.yaml"
    path.write_text(lever("credit.demand", f"[{{from: {START}, share: 1}}]", more), encoding="utf-8")
    wish = plan(str(path), scale="tiny", seed=3, tables=("enterprise",))
    block = wish.block(0)
    state = births(wish, block)
    params = levers.bound(wish.params, wish.scenario.levers, wish.seed, block, {levers.STATE: state})
    assert params.at("credit.demand", block.firms[:5], START_MONTH + month).tolist() == pytest.approx([1 + size] * 5)


def test_areas_take_their_share_exactly_and_start_together(tmp_path):
    path = tmp_path / "one.yaml"
    more = "    unit: area\n    areas: 40\n"
    cohorts = "[{from: 2024-01, share: 0.25}, {from: 2025-01, share: 0.5, times: 2}]"
    path.write_text(lever("credit.demand", cohorts, more), encoding="utf-8")
    wish = plan(str(path), scale=TWO_BLOCKS, seed=3, tables=("enterprise",))
    pilot, block = wish.scenario.levers[0], wish.block(0)
    state = births(wish, block)
    found = levers.reached(pilot, 3, block.firms, state)
    by_area = pl.DataFrame({"area": found.unit, "start": found.start}).unique()
    assert by_area.height == 40  # one start an area
    assert sorted(by_area["start"].to_list()) == [2024 * 12] * 10 + [2025 * 12] * 20 + [NEVER] * 10


def test_only_whom_the_policy_is_made_for_is_reached(tmp_path):
    path = tmp_path / "one.yaml"
    more = "    who: {kind: [tech], size: [small, micro], district: [Nanshan], quality: {low: 0.0}}\n"
    path.write_text(lever("credit.demand", f"[{{from: {START}, share: 1}}]", more), encoding="utf-8")
    wish = plan(str(path), scale=TWO_BLOCKS, seed=3, tables=("enterprise",))
    state = births(wish, wish.block(0))
    mine = levers.reached(wish.scenario.levers[0], 3, wish.block(0).firms, state).start < NEVER
    assert mine.any()
    assert (
        set(state["kind"][mine]) == {0} and set(state["size"][mine]) <= {2, 3} and set(state["district"][mine]) == {2}
    )
    assert state["quality"][mine].min() >= 0
    asked = (state["kind"] == 0) & (state["size"] >= 2) & (state["district"] == 2) & (state["quality"] >= 0)
    assert (asked == mine).all()


def test_a_scenario_that_extends_another_may_replace_its_lever_by_name(tmp_path):
    first = tmp_path / "first.yaml"
    first.write_text(lever("credit.demand"), encoding="utf-8")
    text = lever("credit.demand", more="    to: 2025-01\n").replace("extends: baseline", f"extends: {first}")
    (tmp_path / "second.yaml").write_text(text, encoding="utf-8")
    found = scenario(str(tmp_path / "second.yaml")).levers
    assert [one.end for one in found] == [2025 * 12]


def test_what_spills_over_is_felt_next_to_the_treated_and_nowhere_else(tmp_path):
    """Areas lie in a ring; an untreated one beside a treated one borrows less from then on, all others as before."""
    more = "    spill: -0.5\n    unit: area\n    areas: 40\n"
    text = lever("credit.demand", f"[{{from: {START}, share: 0.2}}]", more)
    path = tmp_path / "spill.yaml"
    path.write_text(text, encoding="utf-8")
    wish = plan(str(path), scale=TWO_BLOCKS, seed=SEED)
    found = reach(wish, wish.scenario.levers[0])
    treated = set(found["unit"][found["start"] < NEVER].tolist())
    beside = {(unit + step) % 40 for unit in treated for step in (-1, 1)} - treated
    assert set(found["unit"][found["near"] < NEVER].tolist()) == beside and len(treated) == 8
    with_it = frames(sfbench.generate(str(path), scale=TWO_BLOCKS, seed=SEED, tables=["loan"]))["loan"]
    without = frames(sfbench.generate("baseline", scale=TWO_BLOCKS, seed=SEED, tables=["loan"]))["loan"]
    areas = pl.DataFrame({"enterprise_id": found["firm"], "unit": found["unit"]})

    def lent(frame, units):
        late = frame.join(areas, on="enterprise_id").filter(pl.col("granted_on") > pl.date(2024, 6, 30))
        return late.filter(pl.col("unit").is_in(units))["amount_rmb"].cast(pl.Float64).sum()

    far = set(range(40)) - treated - beside
    assert lent(with_it, far) == lent(without, far)
    assert 0.4 < lent(with_it, beside) / lent(without, beside) < 0.7
    assert lent(with_it, treated) > 1.1 * lent(without, treated)
