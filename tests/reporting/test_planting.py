"""Which rows a fault hits depends on their keys and on nothing else; labels say what became of them."""

import pytest

import sfbench
from sfbench.engines import local
from sfbench.store.undo import undo
from sfbench.world import plan as planning
from tests.reporting.planted import PLACES, entry, labels, scenario
from tests.world.shared import SEED, TINY, differing, frame

# They borrow from neighbours: a free number, another row's keeper, the next row, a month that the block has.
BY_BLOCK = {"duplicate_changed_id", "balance_without_note", "double_counting", "reordered"}
HIT = 'SELECT "table", key, "column", fault, planted_value FROM labels WHERE mechanism > 0 AND NOT decoy ORDER BY ALL'


def made(folder, *entries, **more):
    """(the dataset, a connection with its labels)."""
    out = folder / "out"
    wish = {"scale": TINY, "seed": SEED, "tables": ["loan"]} | more
    return sfbench.generate(scenario(folder, *entries), out=out, **wish), labels(out)


def hit(folder, *entries, ask=HIT, **more):
    """Rows of a question to the labels."""
    return made(folder, *entries, **more)[1].sql(ask).fetchall()


@pytest.mark.parametrize("mechanism", [1, 2])
def test_the_size_of_a_block_decides_nothing(mechanism, tmp_path, monkeypatch):
    chosen = [
        fault for fault in PLACES if fault not in BY_BLOCK and PLACES[fault][0] not in ("bank_month", "risk_claim")
    ]
    tables = sorted({PLACES[fault][0] for fault in chosen})
    entries = [entry(fault, mechanism) for fault in chosen]
    one = hit(tmp_path / "one", *entries, tables=tables)
    monkeypatch.setattr(planning, "BLOCK_FIRMS", 477)
    monkeypatch.setattr(planning, "FILE_BLOCKS", 2)
    several, connection = made(tmp_path / "several", *entries, tables=tables)
    assert len(several.manifest.tables["loan"].files) == 2
    assert connection.sql(HIT).fetchall() == one


def test_all_faults_in_several_files_are_taken_back(tmp_path, monkeypatch):
    monkeypatch.setattr(planning, "BLOCK_FIRMS", 477)
    monkeypatch.setattr(planning, "FILE_BLOCKS", 1)
    clean = sfbench.generate(scale=TINY, seed=SEED, out=tmp_path / "clean")
    made(tmp_path, *(entry(fault, 1) for fault in PLACES), tables=None)
    assert undo(tmp_path / "out", tmp_path / "back").fingerprint == clean.manifest.fingerprint


def test_a_resumed_run_has_the_labels_of_one_that_was_not_stopped(tmp_path, monkeypatch):
    entries = [entry("typo", 1), entry("total_gap", 1), entry("unit_x10000", 1, at="source")]
    tables = ["enterprise", "loan", "bank_month"]
    whole = hit(tmp_path / "whole", *entries, tables=tables)
    with monkeypatch.context() as broken:
        broken.setattr(local, "_whole", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            made(tmp_path / "stopped", *entries, tables=tables)
    monkeypatch.setattr(local, "_part", lambda *_: pytest.fail("the part was made again"))
    assert hit(tmp_path / "stopped", *entries, tables=tables) == whole


def test_a_dataset_in_memory_bears_the_faults_of_one_on_disk(tmp_path):
    entries = [entry(fault, 2) for fault in PLACES]
    disk, _ = made(tmp_path, *entries, tables=None)
    memory = sfbench.generate(scenario(tmp_path, *entries), scale=TINY, seed=SEED)
    for name in disk:
        assert not differing(frame(disk[name]), frame(memory[name])), name


def test_a_higher_rate_hits_more_rows_and_the_same(tmp_path):
    low = hit(tmp_path / "low", "  - {fault: sign, table: loan, columns: amount, rate: 0.05}\n")
    high = hit(tmp_path / "high", "  - {fault: sign, table: loan, columns: amount, rate: 0.2}\n")
    assert set(low) < set(high)
    rows = made(tmp_path / "rows", entry("typo", 1), tables=["loan", "enterprise"])[0]["loan"].num_rows
    assert 0.16 * rows < len(high) < 0.24 * rows


def test_another_seed_hits_other_rows(tmp_path):
    keys = [
        {row[1] for row in hit(tmp_path / str(seed), entry("sign", 1), tables=["loan_flow"], seed=seed)}
        for seed in (1, 2)
    ]
    assert keys[0] != keys[1]


def test_another_fault_beside_it_changes_no_choice(tmp_path):
    alone = hit(tmp_path / "alone", entry("check_digit", 1), tables=["enterprise"])
    more = hit(tmp_path / "more", entry("check_digit", 1), entry("sign", 1), tables=["enterprise", "loan_flow"])
    assert [row for row in more if row[3] == "check_digit"] == alone


def test_a_row_bears_one_fault(tmp_path):
    ask = """SELECT count(*) FROM (SELECT 1 FROM labels WHERE mechanism > 0 AND NOT decoy AND row IS NOT NULL
             GROUP BY "table", block, row HAVING count(DISTINCT fault) > 1)"""
    entries = [entry(fault, 1) for fault in PLACES if PLACES[fault][0] == "loan"]
    assert hit(tmp_path, *entries, ask=ask) == [(0,)]


def test_labels_show_what_stands_and_what_should(tmp_path):
    clean = sfbench.generate(scale=TINY, seed=SEED, tables=["loan"])["loan"]
    _, connection = made(tmp_path, entry("unit_x10000", 1), entry("date_format", 1), entry("fullwidth_digits", 1))
    connection.register("clean", clean)
    for column in ("amount", "due_on", "contract_code"):
        found = connection.sql(
            f"""SELECT count(*), bool_and(CAST(clean.{column} AS VARCHAR) = true_value),
                bool_and(CAST(loan.{column} AS VARCHAR) = planted_value), bool_and(true_value <> planted_value)
                FROM labels JOIN loan ON loan.loan_id = CAST(key->>'loan_id' AS BIGINT)
                JOIN clean ON clean.loan_id = loan.loan_id WHERE "column" = '{column}'"""
        ).fetchall()[0]
        assert found[0] > 20 and found[1:] == (True, True, True), column


def test_a_wish_reaches_only_the_rows_that_it_names(tmp_path):
    wish = "fault: truncation, table: loan, columns: purpose, rate: 0.5, from: 2024-01-01, to: 2024-12-31"
    _, connection = made(tmp_path, f"  - {{{wish}, where: {{column: rate_kind, in: [RF01]}}}}\n")
    found = connection.sql(
        """SELECT count(*), bool_and(rate_kind = 'RF01'), min(year(granted_on)), max(year(granted_on))
           FROM labels JOIN loan ON loan.loan_id = CAST(key->>'loan_id' AS BIGINT)"""
    ).fetchall()
    assert found[0][0] > 5 and found[0][1:] == (True, 2024, 2024)


def test_a_fault_that_depends_on_the_bank_has_careful_and_careless_banks(tmp_path):
    _, connection = made(tmp_path, "  - {fault: sign, table: loan, columns: amount, rate: 0.3, depends_on: bank}\n")
    shares = connection.sql(
        "SELECT avg(CAST(amount < 0 AS INT)) FROM loan GROUP BY institution_id HAVING count(*) > 50"
    )
    found = sorted(share for (share,) in shares.fetchall())
    assert found[0] < 0.2 and found[-1] > 0.4


def test_a_fault_that_depends_on_size_or_value_hits_small_firms_and_large_amounts_more(tmp_path):
    wish = "  - {{fault: sign, table: loan, columns: amount, rate: 0.2, depends_on: {}}}\n"
    share = "SELECT avg(CAST(amount < 0 AS INT)) FROM loan WHERE "
    by_size = made(tmp_path / "size", wish.format("size"))[1]
    small, large = (by_size.sql(share + f"borrower_size = '{size}'").fetchall()[0][0] for size in ("CS04", "CS02"))
    assert small > large
    by_value = made(tmp_path / "value", wish.format("value"))[1]
    small, large = (
        by_value.sql(share + f"abs(amount) {test}").fetchall()[0][0] for test in ("< 1000000", "> 10000000")
    )
    assert small < large


def test_a_decoy_is_a_sound_row(tmp_path):
    wish = "  - {fault: unit_x10000, table: loan, columns: amount, rate: 0, decoys: 1}\n"
    dataset, connection = made(tmp_path, wish)
    clean = sfbench.generate(scale=TINY, seed=SEED, tables=["loan"], out=tmp_path / "clean")
    assert dataset.manifest.fingerprint == clean.manifest.fingerprint
    ask = 'SELECT count(*), bool_and(decoy), count("column"), count(true_value), count(planted_value) FROM labels'
    found = connection.sql(ask).fetchall()[0]
    assert found[0] > 5 and found[1:] == (True, 0, 0, 0)


def test_labels_of_an_earlier_day_speak_of_what_was_known_then(tmp_path):
    entries = [entry("unit_x10000", 1, at="source"), entry("date_format", 2, at="source"), entry("lost_row", 1)]
    wish = {"scale": TINY, "seed": SEED, "tables": ["loan", "loan_flow"], "as_of": "2024-06-30"}
    made(tmp_path, *entries, **wish)
    clean = sfbench.generate(out=tmp_path / "clean", **wish)
    assert undo(tmp_path / "out", tmp_path / "back").fingerprint == clean.manifest.fingerprint


def test_a_grant_moved_to_another_century_at_the_source_is_known_too_early_and_taken_back(tmp_path):
    moved = "  - {fault: date_format, table: loan, columns: granted_on, rate: 0.2, mechanism: 2, at: source}\n"
    wish = {"scale": TINY, "seed": SEED, "tables": ["loan"], "as_of": "2024-06-30"}
    dataset, _ = made(tmp_path, moved, **wish)
    clean = sfbench.generate(out=tmp_path / "clean", **wish)
    assert dataset["loan"].num_rows > clean["loan"].num_rows
    assert undo(tmp_path / "out", tmp_path / "back").fingerprint == clean.manifest.fingerprint
