"""A policy whose money runs out ends for all with the month in which its budget is used up; nothing else changes."""

import datetime
import json

import numpy as np
import polars as pl
import pytest

import sfbench
from sfbench.bench.worlds import worlds
from sfbench.engines import budget
from sfbench.engines.budget import funded
from sfbench.errors import SfbenchError
from sfbench.explain import explain
from sfbench.spec import NEVER
from sfbench.world.plan import plan
from sfbench.world.variants import variant
from tests.world.shared import SEED, TWO_BLOCKS, frames

HEAD = "title_zh: 甲\ntitle_en: A\ncaption: A test.\nextends: baseline\nlevers:\n"
STARTS = "[{from: 2024-01, share: 0.3}, {from: 2025-01, share: 0.3}]"
TABLES = ["credit_application", "interest_subsidy", "loan", "loan_balance"]
LENT, PAID = 1_500_000_000_000, 400_000_000  # yuan of the whole city: some twenty months of either policy


def lever(name="pilot", more="", parameter="credit.demand", size="multiply: 0.3"):
    """The text of a lever."""
    words = f"title_zh: 试点\n    title_en: Pilot\n    source: a test\n    parameter: {parameter}\n    {size}"
    return f"  - name: {name}\n    {words}\n    cohorts: {STARTS}\n    {more}\n"


def fund(more=""):
    """The text of another lever."""
    return lever("fund", more, "credit.approval_lift", "add: 0.2")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """`file(text)`: a scenario file with these levers."""
    folder, made = tmp_path_factory.mktemp("budget"), {}

    def write(text):
        path = folder / f"world_{len(made)}.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        return made.setdefault(text, str(path))

    return write


@pytest.fixture(scope="module")
def written(tmp_path_factory, file):
    """`written(text)`: the folder of the world with these levers and of its twin."""
    folder, made = tmp_path_factory.mktemp("written"), {}

    def make(text):
        if text not in made:
            out = made[text] = folder / str(len(made))
            sfbench.generate(file(text), scale=TWO_BLOCKS, seed=SEED, tables=TABLES, out=out, twin=True)
        return made[text]

    return make


def read(folder, name):
    return pl.read_parquet(folder / "data" / name / "*.parquet")


def same(one, other, tables=TABLES):
    return all(read(one, name).equals(read(other, name), null_equal=True) for name in tables)


def first_month(folder, name, amount, dated, yuan):
    """First day of the month in which what firms of a lever have got since they were reached adds up to `yuan`."""
    units = pl.read_parquet(folder / "truth" / "units.parquet").filter(pl.col("lever") == name)
    table, column = amount.split(".")
    rows = read(folder, table)
    if "enterprise_id" not in rows.columns:
        rows = rows.join(read(folder, "loan").select("loan_id", "enterprise_id"), on="loan_id")
    month = pl.col(dated).dt.truncate("1mo")
    got = rows.join(units, on="enterprise_id").filter(month >= pl.col("starts_on")).drop_nulls([column, dated])
    by_month = got.group_by(month.alias("month")).agg(pl.col(column).sum()).sort("month")
    total = by_month.with_columns(pl.col(column).cum_sum().cast(pl.Float64))
    return total.filter(pl.col(column) >= yuan)["month"].min()


def following(day):
    """The first day of the next month."""
    return (day + datetime.timedelta(31)).replace(day=1)


def to(day):
    return f"to: {day:%Y-%m}"


def told(folder):
    """What the truth says of each lever's budget."""
    levers = json.loads((folder / "truth" / "manifest.json").read_text(encoding="utf-8"))["levers"]
    return {one["name"]: one["budget"] for one in levers if "budget" in one}


def day_of(month):
    return datetime.date(month // 12, month % 12 + 1, 1)


LOANS = lever(more=f"budget: {{yuan: {LENT}}}")


@pytest.fixture(scope="module")
def used_up(written):
    """The month in which the budget of LOANS is used up, from the world without a budget."""
    return first_month(written(lever()), "pilot", "loan.amount_rmb", "granted_on", LENT * TWO_BLOCKS)


def test_the_policy_ends_with_the_month_in_which_what_it_cost_reaches_its_budget(written, used_up):
    assert datetime.date(2024, 6, 1) < used_up < datetime.date(2027, 1, 1)
    assert day_of(told(written(LOANS))["pilot"]["stops"]) == following(used_up)
    assert same(written(LOANS), written(lever(more=to(following(used_up)))))


def test_the_truth_says_what_was_spent(written, used_up):
    spent = told(written(LOANS))["pilot"]["spent"]
    units = pl.read_parquet(written(LOANS) / "truth" / "units.parquet")
    month = pl.col("granted_on").dt.truncate("1mo")
    rows = read(written(LOANS), "loan").join(units, on="enterprise_id")
    mine = rows.filter((month >= pl.col("starts_on")) & (month <= used_up))
    assert spent == int(mine["amount_rmb"].sum() * 100) >= LENT * TWO_BLOCKS * 100


def test_until_then_it_is_the_world_without_a_budget(file, used_up):
    as_of = following(used_up) - datetime.timedelta(1)
    wish = {"scale": TWO_BLOCKS, "seed": SEED, "tables": TABLES, "as_of": as_of}
    ours, others = (frames(sfbench.generate(file(text), **wish)) for text in (LOANS, lever()))
    assert all(ours[name].equals(others[name], null_equal=True) and ours[name].height for name in TABLES)


def test_after_it_nobody_feels_the_policy(written, used_up):
    cells = pl.read_parquet(written(LOANS) / "truth" / "cells.parquet")
    felt = cells.filter("treated").group_by(pl.col("period") > used_up).agg(pl.col("exposure").unique()).rows()
    assert sorted(felt) == [(False, [pytest.approx(0.3)]), (True, [0.0])]
    ours, twin = (read(folder, "loan") for folder in (written(LOANS), written(LOANS) / "truth" / "twin"))
    both = ours.join(twin, on=["loan_id", "granted_on"], suffix="_twin").with_columns(
        (pl.col("amount_rmb") == pl.col("amount_rmb_twin")).alias("same")
    )
    asked = following(following(following(used_up)))  # a note is drawn up to three months after it is asked for
    assert both.filter(pl.col("granted_on") > asked)["same"].all()
    assert not both.filter(pl.col("granted_on") <= asked)["same"].all()


def test_a_cohort_whose_turn_comes_after_the_money_is_gone_gets_nothing_and_does_not_look_forward_to_it(written):
    late = written(lever(more="before: {months: 3, size: 0.5}\n    budget: {yuan: 40000000000}"))
    gone = day_of(told(late)["pilot"]["stops"])
    assert gone < datetime.date(2024, 10, 1)
    cells = pl.read_parquet(late / "truth" / "cells.parquet").filter(pl.col("period") >= gone)
    assert set(cells["exposure"]) == {0.0}


def test_it_ends_no_later_than_its_declared_end(written, used_up):
    ended = written(lever(more=f"budget: {{yuan: {LENT}}}\n    {to(used_up)}"))
    assert same(ended, written(lever(more=to(used_up))))
    assert told(ended)["pilot"]["stops"] == NEVER and told(ended)["pilot"]["spent"] < LENT * TWO_BLOCKS * 100


def test_a_budget_that_lasts_changes_nothing(written):
    lasting = written(lever(more="budget: {yuan: 1000000000000000}"))
    assert same(lasting, written(lever()))
    assert told(lasting)["pilot"]["stops"] == NEVER


BOTH = f"{LOANS}{fund(f'budget: {{yuan: {PAID}, of: interest_subsidy.paid}}')}"


def test_of_two_budgets_the_later_one_lasts_as_the_world_after_the_first_one_has_it(written):
    def ends(text):
        whole = written(text)
        return (
            first_month(whole, "pilot", "loan.amount_rmb", "granted_on", LENT * TWO_BLOCKS),
            first_month(whole, "fund", "interest_subsidy.paid", "paid_on", PAID * TWO_BLOCKS),
        )

    pilot, other = ends(lever() + fund())
    if pilot <= other:
        other = ends(lever(more=to(following(pilot))) + fund())[1]
    else:
        pilot = ends(lever() + fund(to(following(other))))[0]
    assert pilot != other
    both = written(BOTH + "rounds: 2\n")
    assert [day_of(told(both)[name]["stops"]) for name in ("pilot", "fund")] == [following(pilot), following(other)]
    assert same(both, written(lever(more=to(following(pilot))) + fund(to(following(other)))))


def test_too_few_rounds_are_refused(file):
    with pytest.raises(SfbenchError, match="rounds: 2"):
        funded(plan(file(BOTH), scale=TWO_BLOCKS, seed=SEED))


def test_the_end_hangs_on_no_table_that_is_asked_for_and_on_no_way_to_ask(written, file):
    wish = plan(file(LOANS), scale=TWO_BLOCKS, seed=SEED, tables=("loan",))
    made = frames(sfbench.generate(file(LOANS), scale=TWO_BLOCKS, seed=SEED, tables=["loan"]))
    assert made["loan"].height and made["loan"].equals(
        frames({"loan": read(written(LOANS), "loan").to_arrow()})["loan"]
    )
    other = plan(file(LOANS), scale=TWO_BLOCKS, seed=SEED, tables=("enterprise",), as_of=19000)
    assert funded(other).scenario == funded(wish).scenario == worlds(wish).plan.scenario


def test_two_processes_find_the_same_end(file):
    wish = plan(file(LOANS), scale=0.036, seed=SEED, tables=("loan",))
    assert wish.parts == 2
    alone = funded(wish)
    assert alone == funded(wish, jobs=2) and alone.scenario.levers[0].budget.stops < NEVER


def test_without_a_budget_no_round_is_made(file, monkeypatch):
    monkeypatch.setattr(budget, "_booked", None)
    wish = plan(file(lever()), scale=TWO_BLOCKS, seed=SEED)
    assert funded(wish) is wish


def test_the_twin_has_its_own_rounds_for_a_policy_that_stays(written, file):
    """Firms borrow less in the twin, where there is no other policy, so the money lasts as it does by itself."""
    kept = lever(more=f"stays: true\n    budget: {{yuan: {LENT}}}")
    both = written(kept + fund())
    alone = funded(plan(file(kept), scale=TWO_BLOCKS, seed=SEED)).scenario.levers[0].budget
    stays = told(both)["pilot"], told(both / "truth" / "twin")["pilot"]
    assert stays[1] == {"cents": alone.cents, "of": alone.of, "stops": alone.stops, "spent": alone.spent}
    assert stays[0]["spent"] != stays[1]["spent"]


def test_the_null_twin_has_no_budget_to_spend(file):
    (idle,) = variant(plan(file(LOANS), seed=SEED).scenario, "null_twin").levers
    assert idle.budget is None and idle.idle


def test_a_cell_of_a_loan_after_the_end_is_explained(tmp_path, written, used_up):
    """`explain` makes the block again and refuses a cell that comes out otherwise."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text(HEAD + LOANS, encoding="utf-8")
    out = tmp_path / "out"
    sfbench.generate("mine", scale=TWO_BLOCKS, seed=SEED, tables=TABLES, out=out, content_dirs=[tmp_path])
    assert same(out, written(LOANS))
    units = pl.read_parquet(out / "truth" / "units.parquet").filter(pl.col("starts_on") < used_up)
    late = read(out, "loan").filter(pl.col("granted_on") > used_up + datetime.timedelta(200))
    note = late.join(units, on="enterprise_id")["loan_id"][0]
    assert explain(out, "loan.amount_rmb", str(note), extra=(tmp_path,)).steps[0].value is not None


def test_what_is_published_does_not_tell(written):
    text = (written(LOANS) / "manifest.json").read_text(encoding="utf-8")
    assert "budget" not in text and "pilot" not in text


def test_the_digest_of_a_plan_is_that_of_what_it_declares(file):
    wish = plan(file(LOANS), scale=TWO_BLOCKS, seed=SEED)
    assert funded(wish).digest == wish.digest != plan(file(lever()), scale=TWO_BLOCKS, seed=SEED).digest


def test_an_end_that_does_not_come_out_again_is_refused(file, monkeypatch):
    """As it would be if what is booked in a month hung on what comes after it."""
    sums = np.zeros((2, 1, 3000 * 12), np.int64)
    sums[0, 0, 2025 * 12], sums[1, 0, 2026 * 12] = 10**15, 10**15
    rounds = iter(sums)
    monkeypatch.setattr(budget, "_booked", lambda plan, jobs: next(rounds))
    with pytest.raises(SfbenchError, match="does not come out again"):
        funded(plan(file(LOANS), scale=TWO_BLOCKS, seed=SEED))
