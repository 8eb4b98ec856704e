"""Keys that are drawn twice move to values that are free, and no others move."""

import numpy as np
import pyarrow as pa
import pytest

from sfbench.spec import Column, Table
from sfbench.synth.ladder import apart


def spread(firm, month):
    """The pairs after `apart`, in the order of the rows."""
    kinds = {"firm": "key", "month": "count"}
    columns = tuple(Column(name, kind, name, name) for name, kind in kinds.items())
    table = Table(zh="t", en="t", key=("firm", "month"), columns=columns, name="t")
    made = apart(table, pa.table({"firm": firm, "month": month}), ["month"])
    return list(zip(made["firm"].to_pylist(), made["month"].to_pylist(), strict=True))


@pytest.mark.parametrize("seed", range(20))
def test_no_key_comes_twice_as_long_as_there_are_values(seed):
    random = np.random.default_rng(seed)
    firm, month = random.integers(0, 12, 80), random.integers(0, 9, 80)
    before, after = list(zip(firm.tolist(), month.tolist(), strict=True)), spread(firm, month)
    assert [f for f, _ in after] == firm.tolist()
    assert {m for _, m in after} <= set(month.tolist())
    for one in set(firm.tolist()):
        rows = [at for at in range(80) if firm[at] == one]
        held = [after[at] for at in rows]
        assert len(set(held)) == min(len(held), len(set(month.tolist())))
        if len({before[at] for at in rows}) == len(rows):
            assert held == [before[at] for at in rows]


def test_a_row_steps_up_and_where_there_is_none_above_others_step_down():
    assert sorted(spread([1, 1, 2, 2], [4, 4, 3, 3])) == [(1, 3), (1, 4), (2, 3), (2, 4)]
    assert sorted(spread([1, 1, 2], [5, 5, 6])) == [(1, 5), (1, 6), (2, 6)]
