"""Awkward tables are learned by a documented fallback, or refused in words."""

import datetime
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench import synth
from sfbench.errors import SfbenchError

METHODS = ["linked", "independent", "bootstrap", "marginals_dp"]
SEEDED = {"marginals_dp": {"seed": 1}}  # its noise is another at each fit, else


@pytest.fixture
def folder(tmp_path):
    """Writes tables of a user's own, and their metadata; gives (folder, declarations)."""

    def write(tables, metadata):
        own = tmp_path / "own"
        own.mkdir(exist_ok=True)
        for name, columns in tables.items():
            pq.write_table(pa.table(columns), own / f"{name}.parquet")
        path = tmp_path / "metadata.json"
        path.write_text(json.dumps(metadata), encoding="utf-8")
        return own, synth.read_metadata(path)

    return write


def firm(**columns):
    return {"firm": {"key": ["firm_id"], "columns": {"firm_id": {"kind": "key", "nullable": False}, **columns}}}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pa.nulls(200, pa.float64()), "number"),
        (pa.array([7] * 200), "count"),
        (pa.array([f"c{i % 5}" for i in range(200)]), "code"),
        (pa.array([float("nan"), float("inf"), 1e300, -1.0] * 50), "number"),
        (pa.array([datetime.date(1, 1, 1), datetime.date(9999, 12, 31)] * 100), "date"),
        (pa.array([True, False, None, True] * 50), "flag"),
    ],
    ids=["all null", "a constant", "codes", "odd numbers", "dates at the ends", "flags"],
)
def test_an_odd_column_is_learned_and_sampled(folder, method, values, kind):
    own, declared = folder({"firm": {"firm_id": pa.array(range(200)), "x": values}}, firm(x={"kind": kind}))
    made = synth.fit(own, method, own=declared, options=SEEDED.get(method)).sample(1, 50)["firm"]
    assert made.num_rows == 50
    held = {v for v in values.to_pylist() if v is not None}
    if kind in ("code", "flag") or len(held) == 1:
        assert {v for v in made["x"].to_pylist() if v is not None} <= held


def test_ten_thousand_categories_that_one_firm_each_holds_are_not_kept(folder):
    words = pa.array([f"secret-{i}" for i in range(10_000)])
    own, declared = folder({"firm": {"firm_id": pa.array(range(10_000)), "x": words}}, firm(x={"kind": "code"}))
    made = synth.fit(own, "linked", own=declared).sample(1)["firm"]
    assert made.num_rows == 10_000
    assert set(made["x"].to_pylist()) == {None}


@pytest.mark.parametrize("method", ["linked", "independent"])
def test_one_row_gives_nothing_of_itself_away(folder, method):
    own, declared = folder({"firm": {"firm_id": pa.array([5]), "x": pa.array([123.25])}}, firm(x={"kind": "number"}))
    made = synth.fit(own, method, own=declared).sample(1)["firm"]
    assert made["x"].to_pylist() == [None]


def test_mixed_types_are_refused_by_name(folder):
    own, declared = folder(
        {"firm": {"firm_id": pa.array([1, 2]), "x": pa.array(["1", "two"])}}, firm(x={"kind": "number"})
    )
    with pytest.raises(SfbenchError, match=r"firm\.x"):
        synth.fit(own, own=declared)


def test_an_empty_table_is_refused(folder):
    own, declared = folder(
        {"firm": {"firm_id": pa.array([], pa.int64()), "x": pa.array([], pa.int64())}}, firm(x={"kind": "count"})
    )
    with pytest.raises(SfbenchError, match="no rows"):
        synth.fit(own, own=declared)


LOAN = {
    "key": ["loan_id"],
    "columns": {
        "loan_id": {"kind": "key", "nullable": False},
        "firm_id": {"kind": "key", "nullable": False, "references": "firm.firm_id"},
        "amount": {"kind": "money", "low": 0, "high": 1000},
    },
}


def two_tables(owners):
    amounts = pa.array([10 + i % 7 for i in range(len(owners))]).cast(pa.decimal128(21, 2)).cast(pa.decimal128(18, 2))
    loans = {"loan_id": pa.array(range(len(owners))), "firm_id": pa.array(owners), "amount": amounts}
    return {"firm": {"firm_id": pa.array(range(40)), "x": pa.array([i % 3 for i in range(40)])}, "note": loans}


def test_references_hold_in_a_copy_of_own_tables(folder):
    own, declared = folder(two_tables([i % 40 for i in range(120)]), {**firm(x={"kind": "count"}), "note": LOAN})
    made = synth.fit(own, own=declared).sample(3)
    assert set(made["note"]["firm_id"].to_pylist()) <= set(made["firm"]["firm_id"].to_pylist())
    assert made["note"].num_rows == 120
    assert all(0 <= float(v) <= 1000 for v in made["note"]["amount"].to_pylist())
    assert not set(made["firm"]["firm_id"].to_pylist()) & set(range(40))


@pytest.mark.parametrize("names", [("enterprise", "guarantee"), ("loan", "credit_application")])
def test_own_tables_that_bear_names_of_ours_are_learned_as_declared(folder, tmp_path, names):
    """Our recipes know nothing of their columns."""
    above, below = names
    tables, declared = two_tables([i % 40 for i in range(120)]), {**firm(x={"kind": "count"}), "note": LOAN}
    metadata = json.loads(json.dumps({above: declared["firm"], below: declared["note"]}).replace("firm.", f"{above}."))
    own, declared = folder({above: tables["firm"], below: tables["note"]}, metadata)
    synth.save(synth.fit(own, own=declared), tmp_path / "model.zip")
    made = synth.load(tmp_path / "model.zip").sample(3)
    assert made[below].num_rows == 120
    assert set(made[below]["firm_id"].to_pylist()) <= set(made[above]["firm_id"].to_pylist())


@pytest.mark.parametrize("method", METHODS)
def test_a_copy_from_a_file_has_parents_first_and_columns_as_declared(folder, tmp_path, method):
    """Whatever their names: a child that comes before its parent in the alphabet was lost."""
    tables = two_tables([i % 40 for i in range(120)])
    firms = tables["firm"] | {"b": pa.array([i % 2 for i in range(40)])}
    metadata = {**firm(x={"kind": "count"}, b={"kind": "count"}), "a_note": LOAN}
    own, declared = folder({"firm": firms, "a_note": tables["note"]}, metadata)
    model = synth.fit(own, method, own=declared, options=SEEDED.get(method))
    synth.save(model, tmp_path / "model.zip")
    made, again = model.sample(3), synth.load(tmp_path / "model.zip").sample(3)
    assert list(again) == ["firm", "a_note"]
    assert again["firm"].column_names == ["firm_id", "x", "b"]
    assert all(again[name].equals(table) for name, table in made.items())


def test_a_card_of_own_tables_is_worked_out(folder, tmp_path):
    """The copy's files hold codes as texts where nobody declared their values."""
    pytest.importorskip("sklearn")
    from sfbench.synth.report import report

    tables = two_tables([i % 400 for i in range(1200)])
    words = pa.array([f"c{i % 7}" for i in range(400)])
    tables["firm"] = {"firm_id": pa.array(range(400)), "x": pa.array([i % 11 for i in range(400)]), "sector": words}
    own, declared = folder(tables, {**firm(x={"kind": "count"}, sector={"kind": "code"}), "note": LOAN})
    synth.save(synth.fit(own, own=declared, keep_out=0.3), tmp_path / "model.zip")
    synth.load(tmp_path / "model.zip").write_sample(tmp_path / "copy", 1)
    found = report(own, tmp_path / "copy", metadata=tmp_path / "metadata.json")
    value = {figure.name: figure.value for figure in found.figures}
    assert value["exact_copies"] is not None and value["marginal"] > 0.8
    assert found.about["method"] == "linked"


def test_a_missing_parent_row_is_refused(folder):
    own, declared = folder(two_tables([0, 1, 99]), {**firm(x={"kind": "count"}), "note": LOAN})
    with pytest.raises(SfbenchError, match="a parent is missing"):
        synth.fit(own, own=declared)


def test_a_circle_of_references_is_refused(folder):
    both = {
        name: {
            "key": [f"{name}_id"],
            "columns": {
                f"{name}_id": {"kind": "key", "nullable": False},
                f"{other}_id": {"kind": "key", "nullable": False, "references": f"{other}.{other}_id"},
                "x": {"kind": "count"},
            },
        }
        for name, other in (("a", "b"), ("b", "a"))
    }
    tables = {n: {"a_id": pa.array([1]), "b_id": pa.array([1]), "x": pa.array([1])} for n in "ab"}
    own, declared = folder(tables, both)
    with pytest.raises(SfbenchError, match="in a circle"):
        synth.fit(own, own=declared)


def test_every_mistake_in_the_metadata_is_told_at_once(folder):
    with pytest.raises(SfbenchError) as told:
        folder({}, firm(x={"kind": "figure"}, y={"kind": "count", "privat": "public"}))
    assert "figure" in str(told.value) and "privat" in str(told.value)


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ({"low": "1"}, "a number"),
        ({"high": True}, "a number"),
        ({"low": float("nan")}, "a number"),
        ({"high": 10**400}, "a number"),
        ({"low_on": "2020-02-30"}, "a day"),
        ({"high_on": 2020}, "a day"),
        ({"nullable": "no"}, "true or false"),
        ({"references": 7}, "table.column"),
        ({"values": "abc"}, "a list of codes"),
        ({"values": [["a", "b"]]}, "a list of codes"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bounds_and_codes_of_another_type_are_refused(folder, said, fix):
    with pytest.raises(SfbenchError, match=f"{next(iter(said))} cannot be(.|\n)*{fix}"):
        folder({}, firm(x={"kind": "number", **said}))


def test_a_key_that_is_no_list_is_refused(folder):
    with pytest.raises(SfbenchError, match="a list of columns"):
        folder({}, {"firm": {**firm()["firm"], "key": "firm_id"}})


def test_the_drafted_metadata_hold_names_and_types_and_no_value(folder):
    own, _ = folder(two_tables([i % 40 for i in range(120)]), {**firm(x={"kind": "count"}), "note": LOAN})
    from sfbench.synth.metadata import detect

    draft = detect(own)
    assert draft["note"]["columns"]["firm_id"]["references"] == "firm.firm_id"
    words = {word for table in draft.values() for column in table["columns"].values() for word in column}
    assert words <= {"kind", "nullable", "references"}


def test_an_unknown_method_or_option_is_refused(confidential):
    with pytest.raises(SfbenchError, match="did you mean 'linked'"):
        synth.fit(confidential, "linkd")
    with pytest.raises(SfbenchError, match="no option"):
        synth.fit(confidential, "linked", options={"depth": 3})
    with pytest.raises(SfbenchError, match="above 0"):
        synth.fit(confidential, "linked", options={"k": 0})


def test_an_unknown_table_is_refused(confidential):
    with pytest.raises(SfbenchError, match="no table 'loans'"):
        synth.fit(confidential, tables=["enterprise", "loans"])


def test_a_child_without_its_parent_is_refused(confidential):
    with pytest.raises(SfbenchError, match="needs its parent enterprise"):
        synth.fit(confidential, tables=["loan"])


SDV = {
    "METADATA_SPEC_VERSION": "V2",
    "tables": {
        "firm": {
            "primary_key": "firm_id",
            "columns": {
                "firm_id": {"sdtype": "id"},
                "x": {"sdtype": "numerical", "range_min": 0, "range_max": 2},
                "sector": {"sdtype": "categorical", "range_values": ["c0", "secret"]},
                "boss": {"sdtype": "name", "pii": True},
            },
        },
        "note": {
            "primary_key": "loan_id",
            "columns": {"loan_id": {"sdtype": "id"}, "firm_id": {"sdtype": "id"}, "amount": {"sdtype": "numerical"}},
        },
    },
    "relationships": [
        {
            "parent_table_name": "firm",
            "parent_primary_key": "firm_id",
            "child_table_name": "note",
            "child_foreign_key": "firm_id",
        }
    ],
}


@pytest.fixture
def with_sdv_metadata(tmp_path):
    """Writes metadata of SDV beside the tables that they describe; gives (folder, path)."""

    def write(metadata):
        own = tmp_path / "own"
        own.mkdir(exist_ok=True)
        tables = two_tables([i % 40 for i in range(120)])
        tables["firm"] |= {"sector": pa.array([f"c{i % 2}" for i in range(40)]), "boss": pa.array(["Li Lei"] * 40)}
        for name, columns in tables.items():
            pq.write_table(pa.table(columns), own / f"{name}.parquet")
        path = tmp_path / "sdv.json"
        path.write_text(json.dumps(metadata), encoding="utf-8")
        return own, path

    return write


def test_metadata_of_sdv_say_keys_references_and_what_is_personal(with_sdv_metadata, tmp_path):
    own, path = with_sdv_metadata(SDV)
    model = synth.fit(own, own=synth.read_metadata(path, own))
    synth.save(model, tmp_path / "model.zip")
    made = synth.load(tmp_path / "model.zip").sample(3)
    assert set(made["note"]["firm_id"].to_pylist()) <= set(made["firm"]["firm_id"].to_pylist())
    assert set(made["firm"]["sector"].to_pylist()) == {"c0", "c1"}
    assert "Li Lei" not in made["firm"]["boss"].to_pylist()
    assert b"secret" not in (tmp_path / "model.zip").read_bytes()
    assert not model.specs["firm"].column("sector").values and model.specs["firm"].column("x").high is None


def test_metadata_of_sdv_that_do_not_fit_the_files_are_refused(with_sdv_metadata):
    wrong = json.loads(json.dumps(SDV).replace("amount", "sum"))
    own, path = with_sdv_metadata(wrong)
    with pytest.raises(SfbenchError, match=r"name note\.sum, which the files do not have"):
        synth.read_metadata(path, own)
    own, path = with_sdv_metadata({"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": {}})
    with pytest.raises(SfbenchError, match="name no tables"):
        synth.read_metadata(path, own)
    own, path = with_sdv_metadata(SDV | {"relationships": [{"parent_table_name": "firm"}]})
    with pytest.raises(SfbenchError, match="a relationship of the metadata"):
        synth.read_metadata(path, own)
