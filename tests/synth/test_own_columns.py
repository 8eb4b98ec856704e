"""Columns of a user's own tables as files have them: codes kept as numbers, columns without a value, odd names."""

import datetime
import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench import synth
from sfbench.errors import SfbenchError
from sfbench.store.read import open_dataset
from sfbench.store.verify import verify
from sfbench.synth.metadata import detect

ROWS = 300


@pytest.fixture
def firm(tmp_path):
    """A table `firm` with an `id`, a learned `x` and these columns, as (folder, declarations)."""

    def write(columns, said, key=("id",)):
        own = tmp_path / "own"
        own.mkdir(exist_ok=True)
        own_columns = {"id": pa.array(range(ROWS)), "x": pa.array([i % 3 for i in range(ROWS)]), **columns}
        pq.write_table(pa.table(own_columns), own / "firm.parquet")
        kinds = {"id": {"kind": "key", "nullable": False}, "x": {"kind": "count"}, **said}
        path = tmp_path / "metadata.json"
        path.write_text(json.dumps({"firm": {"key": list(key), "columns": kinds}}), encoding="utf-8")
        return own, synth.read_metadata(path)

    return write


PERSONAL = {
    "count": pa.array(range(13_800_000_000, 13_800_000_000 + ROWS)),
    "number": pa.array([i + 0.5 for i in range(ROWS)]),
    "money": pa.array([i + 0.5 for i in range(ROWS)]),
    "date": pa.array([datetime.date(1980, 1, 1) + datetime.timedelta(i) for i in range(ROWS)]),
    "flag": pa.array([True, False] * (ROWS // 2)),
    "text": pa.array([f"boss {i}" for i in range(ROWS)]),
    "code": pa.array([f"c{i}" for i in range(ROWS)]),
    "key": pa.array(range(13_800_000_000, 13_800_000_000 + ROWS)),
}


@pytest.mark.parametrize("nullable", [True, False])
@pytest.mark.parametrize("kind", PERSONAL)
def test_an_identifier_of_any_kind_is_made_anew(firm, tmp_path, kind, nullable):
    """A telephone number is often a number in the file: it was learned, and could not be written."""
    own, declared = firm({"p": PERSONAL[kind]}, {"p": {"kind": kind, "privacy": "identifier", "nullable": nullable}})
    synth.save(synth.fit(own, own=declared), tmp_path / "model.zip")
    synth.load(tmp_path / "model.zip").write_sample(tmp_path / "copy", 1)
    made = pq.read_table(tmp_path / "copy" / "data" / "firm")["p"].to_pylist()
    assert len(made) == ROWS
    if kind in ("count", "text", "code", "key"):
        assert not set(made) & set(PERSONAL[kind].to_pylist()) and len(set(made)) == ROWS
    else:
        assert len(set(made)) == 1 and (made[0] is None) == nullable


@pytest.mark.parametrize("method", ["linked", "independent", "marginals_dp"])
@pytest.mark.parametrize(("kind", "privacy"), [("text", "public"), ("text", "identifier"), ("count", "identifier")])
def test_rows_without_a_text_or_an_identifier_have_none_in_the_copy(firm, method, kind, privacy):
    """A remark that a third of the rows have stood in all of them."""
    given = [PERSONAL[kind][i].as_py() if i % 3 == 0 else None for i in range(ROWS)]
    columns = {"p": pa.array(given, PERSONAL[kind].type)}
    own, declared = firm(columns, {"p": {"kind": kind, "privacy": privacy}})
    made = synth.fit(own, method, own=declared).sample(1)["firm"]["p"].to_pylist()
    held = [cell for cell in made if cell is not None]
    assert ROWS / 3 * 0.6 < len(held) < ROWS / 3 * 1.4
    assert len(set(held)) == len(held) and not set(held) & set(given)


def test_whether_fewer_than_k_firms_have_a_text_is_not_learned(firm):
    few = [f"boss {i}" if i < 5 else None for i in range(ROWS)]
    own, declared = firm({"p": pa.array(few)}, {"p": {"kind": "text"}})
    assert set(synth.fit(own, own=declared).sample(1)["firm"]["p"].to_pylist()) == {None}


def test_codes_that_are_not_declared_are_refused_by_name(firm):
    """They were drawn, and written as the code that is declared first."""
    given = pa.array([("A", "B", "X9", None)[i % 4] for i in range(ROWS)])
    own, declared = firm({"p": given}, {"p": {"kind": "code", "values": ["A", "B"]}})
    with pytest.raises(SfbenchError, match=r"firm\.p: codes that are not declared(.|\n)*in 75 rows: X9"):
        synth.fit(own, own=declared)
    own, declared = firm({"p": given}, {"p": {"kind": "code", "values": ["A", "B", "X9"]}})
    made = synth.fit(own, own=declared).sample(1)["firm"]["p"].to_pylist()
    assert 50 < made.count("X9") < 100 and set(made) == {"A", "B", "X9", None}


@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_too_long_to_be_amounts_are_refused_by_name_and_made_anew_as_identifiers(firm, sign):
    """Identity numbers of eighteen digits, which pandas reads as whole numbers, ended as an internal error."""
    columns = {"p": pa.array([sign * (440_391_196_106_061_252 + i) for i in range(ROWS)])}
    own, declared = firm(columns, {"p": {"kind": "count"}})
    with pytest.raises(SfbenchError, match=r"firm\.p(.|\n)*identifier"):
        synth.fit(own, own=declared)
    own, declared = firm(columns, {"p": {"kind": "count", "privacy": "identifier"}})
    made = synth.fit(own, own=declared).sample(1)["firm"]
    assert not set(made["p"].to_pylist()) & set(columns["p"].to_pylist())


def test_the_longest_numbers_that_are_amounts_are_learned(firm):
    columns = {"p": pa.array([2**53, -(2**53)] * (ROWS // 2))}
    own, declared = firm(columns, {"p": {"kind": "count"}})
    assert set(synth.fit(own, own=declared).sample(1)["firm"]["p"].to_pylist()) == {2**53, -(2**53)}


@pytest.mark.parametrize("kind", ["count", "code", "text", "money", "rate", "date", "flag", "number"])
def test_a_column_without_a_value_is_learned_as_such(firm, kind):
    """pandas and pyarrow give it a type of its own."""
    own, declared = firm({"p": pa.nulls(ROWS)}, {"p": {"kind": kind}})
    made = synth.fit(own, own=declared).sample(1)["firm"]
    assert made.num_rows == ROWS and (kind == "text" or set(made["p"].to_pylist()) == {None})
    own, declared = firm({"p": pa.nulls(ROWS)}, {"p": {"kind": kind, "nullable": False}})
    with pytest.raises(SfbenchError, match=r"firm\.p: the column is null"):
        synth.fit(own, own=declared)


@pytest.mark.parametrize("names", [["_id"], ["_key"], ["_row"], ["of loan: amount"], ["p", "P"]], ids=str)
def test_names_that_columns_cannot_bear_are_refused(firm, names):
    columns = {name: pa.array([i % 5 for i in range(ROWS)]) for name in names}
    with pytest.raises(SfbenchError) as caught:
        firm(columns, {name: {"kind": "count"} for name in names})
    assert all(f"a column cannot be called {name!r}" in str(caught.value) for name in names)


def test_all_other_names_are_as_good(firm):
    names = ["客户 名称", "a.b", 'c"d', "it's", "select", "official", "x_"]
    columns = {name: pa.array([i % 5 for i in range(ROWS)]) for name in names}
    own, declared = firm(columns, {name: {"kind": "count"} for name in names})
    made = synth.fit(own, own=declared).sample(1)["firm"]
    assert all(set(made[name].to_pylist()) == set(range(5)) for name in names)


def test_a_key_that_is_part_of_a_longer_one_is_not_learned(firm):
    """So is any other column that is declared a key: the shops of a panel stood in the copy and in the model file."""
    shops = {"shop": pa.array([4_711 + i % 5 for i in range(ROWS)])}
    own, declared = firm(shops, {"shop": {"kind": "key", "nullable": False}}, key=("shop", "id"))
    model = synth.fit(own, own=declared)
    made = model.sample(1)["firm"]
    assert made.num_rows == ROWS and not set(made["shop"].to_pylist()) & set(range(4_711, 4_716))
    assert "4711" not in json.dumps(model.parts.json)


def test_the_draft_keeps_all_digits_and_takes_no_hour_for_a_day(firm):
    columns = {
        "cents": pa.nulls(ROWS, pa.decimal128(18, 2)),
        "fine": pa.nulls(ROWS, pa.decimal128(18, 4)),
        "hour": pa.array([datetime.time(9)] * ROWS),
        "day": pa.array([datetime.datetime(2025, 1, 1, 9)] * ROWS),
    }
    own, _ = firm(columns, {})
    kinds = {name: said["kind"] for name, said in detect(own)["firm"]["columns"].items()}
    assert "hour" not in kinds  # it has no kind
    assert kinds == {"id": "key", "x": "count", "cents": "money", "fine": "number", "day": "date"}


def test_a_copy_is_opened_as_any_dataset(firm, tmp_path):
    """Whatever the order of its columns, which its manifest does not keep: `query` called it damaged."""
    own, declared = firm({"b": pa.array([i % 5 for i in range(ROWS)])}, {"b": {"kind": "count"}})
    synth.fit(own, own=declared).write_sample(tmp_path / "copy", 1)
    con = open_dataset(tmp_path / "copy")
    assert con.sql("FROM firm").columns == ["id", "x", "b"]
    assert con.sql("SELECT count(*) FROM firm").fetchall() == [(ROWS,)]
    assert not verify(tmp_path / "copy")


def test_a_file_of_a_copy_with_another_column_is_refused(firm, tmp_path):
    from sfbench.store import manifest
    from sfbench.store.shape import check_listed

    own, declared = firm({"b": pa.array([i % 5 for i in range(ROWS)])}, {"b": {"kind": "count"}})
    synth.fit(own, own=declared).write_sample(tmp_path / "copy", 1)
    (entry,) = manifest.read(tmp_path / "copy").tables["firm"].files
    path = tmp_path / "copy" / entry.path
    pq.write_table(pq.read_table(path).rename_columns(["id", "x", "c"]), path)
    with pytest.raises(SfbenchError, match="other columns than the manifest"):
        check_listed(tmp_path / "copy", replace(entry, bytes=path.stat().st_size), None)
