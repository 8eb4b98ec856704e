"""A cut shows what was known on a day, and events of an interval."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sfbench.draws.text import vocabulary_array
from sfbench.kit import nullable
from sfbench.reporting.known import cut
from sfbench.spec import Column, Table

COLUMNS = (
    Column("id", "key", "编号", "Id"),
    Column("name", "text", "名称", "Name"),
    Column("happened", "date", "发生", "Happened"),
    Column("reported", "date", "报送", "Reported", nullable=True),
    Column("closed", "date", "结清", "Closed", nullable=True, known_on="closed"),
    Column("reason", "text", "原因", "Reason", nullable=True, known_on="closed"),
)
DATED = Table(name="t", zh="表", en="T", key=("id",), columns=COLUMNS, event_on="happened", known_on="reported")
PLAIN = Table(name="t", zh="表", en="T", key=("id",), columns=COLUMNS[:2])

days = st.integers(0, 9)
rows_of = st.lists(st.tuples(days, st.none() | days, st.none() | days), max_size=20)
bound = st.none() | days


def dates(values):
    filled = np.array([0 if v is None else v for v in values], np.int32)
    return nullable(filled, np.array([v is not None for v in values], np.bool_))


def raw(rows):
    words = vocabulary_array([f"第{i}" for i in range(len(rows))])
    return {
        "id": np.arange(len(rows)),
        "name": words,
        "happened": np.array([h for h, _, _ in rows], np.int32),
        "reported": dates([r for _, r, _ in rows]),
        "closed": dates([c for _, _, c in rows]),
        "reason": words,
    }


@settings(derandomize=True, max_examples=200, deadline=None)
@given(rows_of, bound, bound, bound)
def test_a_cut_keeps_known_rows_inside_the_interval_and_known_cells(rows, as_of, since, until):
    expected = [
        (i, f"第{i}", as_of is None or (closed is not None and closed <= as_of))
        for i, (happened, reported, closed) in enumerate(rows)
        if (as_of is None or (reported is not None and reported <= as_of))
        and (since is None or happened >= since)
        and (until is None or happened <= until)
    ]
    found = cut(DATED, raw(rows), as_of, since, until)
    reason = found["reason"]
    shown = [True] * len(found["id"]) if as_of is None else reason.valid.tolist()
    assert list(zip(found["id"].tolist(), found["name"].to_pylist(), shown, strict=True)) == expected
    if as_of is not None:
        assert found["closed"].valid.tolist() == shown


def test_a_table_without_dates_is_untouched():
    columns = {name: cells for name, cells in raw([(1, 2, 3)]).items() if name in ("id", "name")}
    assert cut(PLAIN, columns, 0, 5, 6) == columns


def test_the_input_is_not_changed():
    columns = raw([(1, 1, 9), (8, 8, None)])
    cut(DATED, columns, 5, 0, 4)
    assert columns["closed"].valid.tolist() == [True, False] and len(columns["id"]) == 2
