"""What a world and its twin have in common is made once, and the twin is what it would be by itself."""

from sfbench.engines.in_memory import World
from sfbench.store.arrow import batch
from sfbench.world.plan import plan

TABLES = ("enterprise_tag", "loan", "bank_month")


def shown(plan_, common):
    """What a world of one block shows if these of its tables are known."""
    world = World(plan_)
    tables = [*world.shown(world.make(plan_.block(0), common)), *world.settled()]
    return {table.name: batch(table, columns) for table, columns, _ in tables}


def test_a_twin_that_takes_over_what_no_lever_moves_is_the_twin_made_by_itself():
    wish = plan("s10_same_quarter", scale="tiny", tables=TABLES)  # a policy, and a shock that the twin has, too
    common = World(wish).make(wish.block(0)).common
    assert {"firm_state", "firm_month", "enterprise_tag"} <= common.keys()
    assert not {"firm_demand", "credit_history", "loan"} & common.keys()
    ours, alone, world = shown(wish.twin, common), shown(wish.twin, {}), shown(wish, {})
    assert {*ours} == {*TABLES}
    assert all(ours[name].equals(alone[name]) for name in TABLES)
    assert [name for name in TABLES if not ours[name].equals(world[name])] == ["loan", "bank_month"]
