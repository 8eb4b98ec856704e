"""Notes and balances are written a block of firms at a time: into the same rows, however large the blocks are."""

import pyarrow.parquet as pq
import pytest

import sfbench
from sfbench.synth import by_firm, recipe


@pytest.mark.parametrize("rows", [300, 1 << 40])
def test_the_size_of_blocks_changes_no_row(linked_every, copy_every, tmp_path, monkeypatch, rows):
    monkeypatch.setattr(by_firm, "ROWS", rows)
    out = tmp_path / "copy"
    linked_every.write_sample(out, seed=1)
    for name in linked_every.specs:
        one, other = (pq.read_table(folder / "data" / name) for folder in (out, copy_every))
        assert one.equals(other), name
    groups = [pq.ParquetFile(path).num_row_groups for path in (out / "data" / "loan_balance").glob("*.parquet")]
    assert (sum(groups) > 10) == (rows == 300)
    assert sfbench.verify(out) == []


def test_what_is_written_by_firm_says_why():
    said = {name: recipe.recipe(name).by_firm for name in recipe.names()}
    assert [name for name, by in said.items() if by] == ["loan", "loan_balance"]
