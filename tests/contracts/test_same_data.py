"""The same plan gives the same data, however it is carried out: a value depends on its name and on nothing else."""

import json
import os
import subprocess
import sys

import polars as pl
import pytest

import sfbench
import sfbench.content as content
from sfbench.kit import Block
from sfbench.store.arrow import batch, in_memory
from sfbench.world import blocks
from sfbench.world import plan as planning
from sfbench.world.plan import plan
from tests.world.shared import ROOT, SEED, TINY, TWO_BLOCKS, differing, frame, key_of, world

# A whole file and a second one of 90 firms, whatever the sizes of blocks and files.
TWO_FILES = (planning.BLOCK_FIRMS * planning.FILE_BLOCKS + 90) / plan("baseline", scale=1).firms


@pytest.fixture(scope="module")
def one_job(tmp_path_factory):
    out = tmp_path_factory.mktemp("jobs") / "one"
    return sfbench.generate(scale=TWO_FILES, seed=SEED, out=out)


def test_two_processes_make_what_one_makes(one_job, tmp_path):
    two = sfbench.generate(scale=TWO_FILES, seed=SEED, out=tmp_path / "two", jobs=2)
    assert all(len(entry.files) == 2 for name, entry in two.manifest.tables.items() if name.startswith("loan"))
    assert two.manifest.fingerprint == one_job.manifest.fingerprint
    assert {n: e.columns for n, e in two.manifest.tables.items()} == {
        n: e.columns for n, e in one_job.manifest.tables.items()
    }


def test_files_read_in_order_are_the_table(one_job):
    """The stored parts, one after the other, hold the rows of a world that never met a disk."""
    names = ["enterprise", "enterprise_tag", "bank_month"]
    memory = sfbench.generate(scale=TWO_FILES, seed=SEED, tables=names)
    for name in names:
        files = [one_job.folder / file.path for file in one_job.manifest.tables[name].files]
        stored = pl.concat([pl.read_parquet(path) for path in files])
        assert stored.height == memory[name].num_rows
        assert not differing(frame(memory[name]), frame(stored.to_arrow())), name


def test_a_dataset_in_memory_is_the_dataset_on_disk(tmp_path):
    disk = sfbench.generate(scale=TINY, seed=SEED, out=tmp_path / "out")
    for name, table in world(TINY).items():
        assert not differing(table, frame(disk[name])), name


def test_a_block_can_be_made_alone_and_in_any_order():
    wish, known = plan("baseline", scale=TWO_BLOCKS, seed=SEED), content.tables()
    small = blocks.prelude(wish)
    second, second_states = blocks.make(wish, wish.block(1), small)
    first, first_states = blocks.make(wish, wish.block(0), small)
    for name in ("credit_application", "loan", "loan_balance", "loan_flow"):
        spec = known[name].spec
        parts = [batch(spec, blocks.published(spec, made[name])) for made in (first, second)]
        whole = frame(in_memory(spec, parts))
        if spec.known_on:  # a dataset holds nothing that becomes known after the window
            whole = whole.filter(pl.col(spec.known_on) <= pl.date(2027, 12, 31))
        assert whole[spec.key[-1]].equals(world()[name][spec.key[-1]])
    for a, b in ((first_states, second_states), (second_states, first_states)):
        state = blocks.merge(wish, "bank_month", a["bank_month"], b["bank_month"])
        columns = blocks.published(known["bank_month"].spec, blocks.settle(wish, "bank_month", state, small))
        made = frame(in_memory(known["bank_month"].spec, [batch(known["bank_month"].spec, columns)]))
        assert not differing(made, world()["bank_month"])


def test_a_firm_alone_in_its_block_has_its_history():
    """The last block of a city may hold a single firm: of no class that a table looks for, without any request."""
    wish = plan("baseline", scale=TINY, seed=SEED)
    small = blocks.prelude(wish)
    found = {}
    for firm in range(101, 121):
        made, _ = blocks.make(wish, Block(1, firm, 1), small)
        found[firm] = made["loan"]["loan_id"].tolist()
    notes = world(TINY)["loan"].filter(pl.col("enterprise_id").is_in(list(found)))
    assert [note for notes in found.values() for note in notes] == notes["loan_id"].to_list()
    assert [] in found.values() and notes.height > 0


# Partners (buyer and supplier, fund and investee, acquirer and target, a pool and the head that leads it) are drawn
# among the firms of one block: these tables, and the books over them, do depend on where a block begins.
BY_BLOCK = {
    *("chain_link", "merger", "account_flow", "cash_pool", "cash_pool_member", "cash_pool_flow"),
    *("deal", "fund_exit", "fund_cash_flow", "fund_transfer"),
}


def test_the_size_of_a_block_changes_no_firm_no_note_and_no_report(monkeypatch):
    usual = world(TINY)
    monkeypatch.setattr(planning, "BLOCK_FIRMS", 477)
    monkeypatch.setattr(planning, "FILE_BLOCKS", 2)
    made = sfbench.generate(scale=TINY, seed=SEED)
    for name, table in usual.items():
        key = key_of(name)  # what is not made firm by firm may stand in another order
        assert name in BY_BLOCK or not differing(table.sort(key), frame(made[name]).sort(key)), name


def test_tables_named_alone_hold_what_they_hold_together():
    alone = sfbench.generate(scale=TINY, seed=SEED, tables=["loan_flow", "enterprise_tag", "bank_month"])
    assert list(alone) == [name for name in world(TINY) if name in alone]
    for name in alone:
        assert not differing(world(TINY)[name], frame(alone[name])), name


def test_hash_seed_time_zone_and_language_of_the_process_change_nothing(tmp_path):
    code = (
        "import sys, sfbench; made = sfbench.generate(scale='tiny', seed=7, out=sys.argv[1])\n"
        "import json; print(json.dumps([made.manifest.fingerprint]))"
    )
    found = set()
    for number, place in enumerate(("UTC C 0", "Asia/Shanghai tr_TR.UTF-8 4711")):
        zone, language, seed = place.split()
        environment = os.environ | {"TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / str(number))],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(json.loads(done.stdout)[0])
    found.add(sfbench.generate(scale=TINY, seed=SEED, out=tmp_path / "here").manifest.fingerprint)
    assert len(found) == 1


def test_another_seed_is_another_city():
    other = world(TINY, SEED + 1)
    for name in ("enterprise", "enterprise_tag", "credit_application", "loan", "loan_balance", "loan_flow"):
        assert differing(world(TINY)[name], other[name]), name
    assert differing(world(TINY)["bank_month"], other["bank_month"])


def test_the_calendar_and_the_registers_do_not_depend_on_the_seed():
    for name in ("month", "district", "industry", "product"):
        assert not differing(world(TINY)[name], world(TINY, SEED + 1)[name]), name


@pytest.mark.parametrize("name", ["enterprise", "enterprise_tag", "credit_application", "loan"])
def test_a_firm_is_the_same_at_every_scale(name):
    firms = world(TINY)["enterprise"].height
    larger = world()[name].filter(pl.col("enterprise_id") <= firms)
    assert not differing(world(TINY)[name], larger)


@pytest.mark.parametrize("name", ["loan_balance", "loan_flow"])
def test_the_notes_of_a_firm_are_the_same_at_every_scale(name):
    notes = world(TINY)["loan"].select("loan_id")
    assert not differing(world(TINY)[name], world()[name].join(notes, on="loan_id", how="semi", maintain_order="left"))


def test_the_rows_of_a_table_have_one_order():
    """Within a block rows stand by firm, so a dataset reads the same whoever wrote it; keys are unique."""
    for name, table in world().items():
        key = key_of(name)
        assert table.select(key).n_unique() == table.height, name
        assert not any(table[column].null_count() for column in key), name
