"""A logical hash says what a column holds, not how."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfbench.errors import SfbenchError
from sfbench.kit import nullable
from sfbench.store.arrow import batch, in_memory
from sfbench.store.logical import Chain, chained, column_hashes, hashable

chains = st.builds(Chain, st.integers(0, 2**127 - 2), st.integers(0, 50))


def of(array):
    return column_hashes(pa.RecordBatch.from_arrays([array], names=["x"]))["x"].hex


def test_a_file_read_back_has_the_hashes_that_it_was_written_with(notes, raw, write_file):
    made = batch(notes, raw(rows=1000))
    assert column_hashes(write_file(made).combine_chunks().to_batches()[0]) == column_hashes(made)


def test_decimal_width_and_dictionary_order_do_not_matter(notes, raw):
    made = batch(notes, raw(rows=100))
    public = in_memory(notes, [made]).combine_chunks().to_batches()[0]
    assert column_hashes(public) == column_hashes(made)
    one = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int8()), pa.array(["甲", "乙"]))
    other = pa.DictionaryArray.from_arrays(pa.array([2, 0, None], pa.int32()), pa.array(["乙", "丙", "甲"]))
    assert of(one) == of(other)


def test_compression_encoding_and_row_groups_of_the_file_do_not_matter(notes, raw, tmp_path):
    made = batch(notes, raw(rows=1000))
    pq.write_table(pa.Table.from_batches([made]), tmp_path / "x.parquet", compression="gzip", row_group_size=77)
    assert column_hashes(pq.read_table(tmp_path / "x.parquet").combine_chunks().to_batches()[0]) == column_hashes(made)


def test_a_slice_has_the_hashes_of_its_rows(notes, raw):
    assert column_hashes(batch(notes, raw(1, 40)).slice(13, 9)) == column_hashes(batch(notes, raw(14, 9)))


def test_what_stands_under_a_null_does_not_matter(notes, raw):
    valid = np.array([True, False, True, True, False])
    one = raw() | {"balance": nullable(np.array([1, 2, 3, 4, 5]), valid)}
    other = raw() | {"balance": nullable(np.array([1, 9, 3, 4, 7]), valid)}
    assert column_hashes(batch(notes, one)) == column_hashes(batch(notes, other))


def test_one_changed_cell_changes_its_column_alone(notes, raw):
    before = column_hashes(batch(notes, raw()))
    for name in ("note_id", "days", "rate", "granted_on"):
        changed = raw()[name].copy()
        changed[3] += 1
        after = column_hashes(batch(notes, raw() | {name: changed}))
        assert {column for column in before if before[column] != after[column]} == {name}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        (["", "a"], ["a", ""]),
        ([None, "a"], ["", "a"]),
        ([None, "a"], ["a", None]),
        (["a"], ["a", None]),
    ],
)
def test_borders_and_holes_between_texts_matter(one, other):
    assert of(pa.array(one, pa.string())) != of(pa.array(other, pa.string()))


def test_every_nan_is_the_same_nan():
    quiet, other = np.array([0x7FF8000000000000, 0x7FF8000000000001], np.uint64).view(np.float64)
    assert of(pa.array(np.array([quiet, 1.0]))) == of(pa.array(np.array([other, 1.0])))


@settings(derandomize=True, deadline=None)
@given(chains, chains, chains)
def test_chaining_is_associative_and_starts_from_nothing(a, b, c):
    assert a.then(b).then(c) == a.then(b.then(c))
    assert Chain().then(a) == a == a.then(Chain())


def test_the_order_of_batches_matters(notes, raw):
    first, second = (column_hashes(batch(notes, raw(start))) for start in (1, 6))
    one, other = chained((first, second), first), chained((second, first), first)
    assert all(one[name] != other[name] for name in ("note_id", "name", "balance"))


def test_a_type_without_canonical_bytes_is_refused():
    assert not hashable(pa.int32())
    with pytest.raises(SfbenchError, match="int32 has no logical hash"):
        of(pa.array([1], pa.int32()))
