"""The plan is a value: made before a byte is written, the same for the same wishes, different for different data."""

import dataclasses
import itertools
import math
import pickle

import pytest

import sfbench
from sfbench.content import tables
from sfbench.errors import SfbenchError
from sfbench.world import plan as planning
from sfbench.world.plan import NAMED_SCALES, plan
from tests.world.shared import SEED, world

DAY = 19_000  # some day of the window, in days since 1970-01-01


def test_a_plan_is_equal_for_equal_wishes_and_survives_a_process():
    a, b = plan("baseline", scale=0.01, seed=7), plan("baseline", scale=0.01, seed=7)
    assert a == b and a.digest == b.digest
    other = pickle.loads(pickle.dumps(a))
    assert other == a and other.digest == a.digest


def test_a_plan_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan("baseline").seed = 8


def test_a_plan_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan("baseline", scale=1000).estimate()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "other",
    [
        {"scale": 0.02},
        {"seed": 8},
        {"tables": ("loan",)},
        {"as_of": DAY},
        {"since": DAY},
        {"until": DAY},
    ],
    ids=lambda wish: next(iter(wish)),
)
def test_the_digest_follows_whatever_decides_the_data(other):
    base = {"scale": 0.01, "seed": 7}
    assert plan("baseline", **base).digest != plan("baseline", **(base | other)).digest


def test_the_digest_follows_the_parameters(tmp_path):
    head = "title_zh: 甲\ntitle_en: A\ncaption: A test.\nextends: baseline\n"
    digests = set()
    for value in ("0.1", "0.05"):
        (tmp_path / "mine.yaml").write_text(head + f"params:\n  credit.withdrawn: {value}\n", encoding="utf-8")
        digests.add(plan(str(tmp_path / "mine.yaml")).digest)
    assert len(digests) == 2


def test_the_digest_follows_the_text_of_a_generator(tmp_path):
    digests = set()
    for number in (1, 2):
        path = tmp_path / str(number) / "generators" / "score.py"
        path.parent.mkdir(parents=True)
        path.write_text(
            f'"""A score, version {number}."""\nfrom sfbench.kit import Column, Table\n'
            'TABLE = Table(zh="分", en="S", key=("firm",), columns=(Column("firm", "key", "企业", "Firm"),))\n'
            'def rows(block, needs, params, draw):\n    return {"firm": block.firms}\n',
            encoding="utf-8",
        )
        digests.add(plan("baseline", extra=(tmp_path / str(number),)).digest)
    assert len(digests) == 2


@pytest.mark.parametrize(("name", "value"), [("BLOCK_FIRMS", 500), ("FILE_BLOCKS", 2), ("__version__", "0.0.0")])
def test_the_digest_follows_the_release_and_how_firms_are_cut_into_parts(name, value, monkeypatch):
    """Or a killed run would be resumed by one whose parts hold other firms."""
    before = plan("baseline").digest
    monkeypatch.setattr(planning, name, value)
    assert plan("baseline").digest != before


def test_jobs_are_no_part_of_a_plan():
    assert not [field.name for field in dataclasses.fields(plan("baseline")) if "job" in field.name]


@pytest.mark.parametrize("scale", [0.002, 0.01, 0.2, 3])
def test_blocks_cover_every_firm_once_and_in_order(scale):
    wish = plan("baseline", scale=scale)
    blocks = [block for part in range(wish.parts) for block in wish.part(part)]
    assert [block.index for block in blocks] == list(range(wish.blocks))
    assert blocks[0].first == 1
    assert all(b.first == a.first + a.count for a, b in itertools.pairwise(blocks))
    assert sum(block.count for block in blocks) == wish.firms
    assert len({block.count for block in blocks[:-1]} | {blocks[-1].count}) <= 2


def test_a_scale_is_a_prefix_of_the_firms():
    small, large = plan("baseline", scale=0.01), plan("baseline", scale=0.2)
    assert small.block(0) == large.block(0)
    assert small.firms < large.firms


@pytest.mark.parametrize(("name", "number"), NAMED_SCALES.items())
def test_a_named_scale_is_its_number(name, number):
    assert plan("baseline", scale=name) == plan("baseline", scale=number) == plan("baseline", scale=str(number))


@pytest.mark.parametrize(
    "scale",
    [0, -1, -0.0, math.nan, math.inf, 1000.1, 10**400, "nan", "inf", "1e400", "tinny", "", "0x1", None, True, [1]],
)
def test_a_scale_that_makes_no_city_is_refused(scale):
    with pytest.raises(SfbenchError, match="cannot be generated") as caught:
        plan("baseline", scale=scale)
    assert "--scale" in str(caught.value) and "do:" in str(caught.value)


@pytest.mark.parametrize("seed", [-1, 2**63, 1.0, "7", None, True, math.nan])
def test_a_seed_that_is_no_number_of_63_bits_is_refused(seed):
    with pytest.raises(SfbenchError, match="no whole number from 0 to 2"):
        plan("baseline", seed=seed)


@pytest.mark.parametrize("seed", [0, 2**63 - 1])
def test_the_outermost_seeds_are_fine(seed):
    assert plan("baseline", seed=seed).seed == seed


@pytest.mark.parametrize("seed", range(3))
def test_the_fewest_firms_are_a_city_and_one_less_is_refused(seed):
    firm = 1 / plan("baseline", scale=1).firms
    with pytest.raises(SfbenchError, match=f"makes {planning.LEAST_FIRMS - 1} firms"):
        plan("baseline", scale=(planning.LEAST_FIRMS - 1) * firm)
    made = sfbench.generate(scale=planning.LEAST_FIRMS * firm, seed=seed)
    assert made["enterprise"].num_rows > 0 and made["loan"].num_rows > 0


def test_all_bad_wishes_are_named_at_once():
    with pytest.raises(SfbenchError) as caught:
        plan("baselin", scale=-1, seed=-1, tables=("lona", "firm_state"), since=2, until=1)
    for part in ("'baselin'", "scale -1", "seed -1", "'lona'", "'loan'?", "'firm_state'", "--from lies after --to"):
        assert part in str(caught.value)


def test_only_published_tables_can_be_wished_for():
    wish = plan("baseline")
    assert all(tables()[name].spec.published for name in wish.tables)
    assert {"firm_state", "credit_history"} <= set(wish.order) - set(wish.tables)
    assert set(plan("baseline", tables=("month",)).order) == {"month"}


def test_rows_are_estimated_within_a_factor_of_two():
    scale = 0.05  # in a smaller city the rows that no scale is without outweigh the others of rare tables
    estimate = plan("baseline", scale=scale, seed=SEED).estimate()
    wrong = {
        name: (estimate[name]["rows"], table.height)
        for name, table in world(scale).items()
        if not 0.5 <= estimate[name]["rows"] / table.height <= 2
    }
    assert not wrong


def test_the_total_is_the_sum_of_the_tables():
    estimate = plan("baseline", scale=0.2).estimate()
    total = estimate.pop("total")
    for what in ("rows", "bytes"):
        assert total[what] == pytest.approx(sum(table[what] for table in estimate.values()))
    assert total["cpu_seconds"] > 0 and total["memory_mib"] > 0


def test_the_rounds_that_find_the_end_of_a_budget_are_reckoned():
    """Two rounds are granted, and a third pass sees that nothing else runs out: each a good third of a world."""
    with_budgets, without = (plan(name, scale=0.2).estimate()["total"] for name in ("subsidy_runs_out", "baseline"))
    assert with_budgets["rows"] == without["rows"]
    assert with_budgets["cpu_seconds"] / without["cpu_seconds"] == pytest.approx(1 + 3 * 0.37, rel=0.1)
