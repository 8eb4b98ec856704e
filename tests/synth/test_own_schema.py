"""Tables of a user's own schema: what a draft says of them, what of them comes out in a copy, what is refused."""

import datetime
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench import synth
from sfbench.errors import SfbenchError
from sfbench.synth.metadata import detect, left_out

KEY = {"kind": "key", "nullable": False}
FIRMS, MONTHS = 60, 12


@pytest.fixture
def folder(tmp_path):
    """Writes tables of a user's own and gives their folder."""

    def write(**tables):
        own = tmp_path / "own"
        own.mkdir(exist_ok=True)
        for name, columns in tables.items():
            pq.write_table(pa.table(columns), own / f"{name}.parquet")
        return own

    return write


@pytest.fixture
def declared(tmp_path):
    """Metadata as a user writes them: table -> (key, columns)."""

    def read(**tables):
        path = tmp_path / "metadata.json"
        record = {name: {"key": key, "columns": columns} for name, (key, columns) in tables.items()}
        path.write_text(json.dumps(record), encoding="utf-8")
        return synth.read_metadata(path)

    return read


def panel(**firm):
    """A row a firm and month, all of them, below firms that have `firm` beside their key."""
    firms = {"firm_id": list(range(FIRMS)), **firm}
    months = [datetime.date(2024, 1 + i % MONTHS, 1) for i in range(FIRMS * MONTHS)]
    owners = [i // MONTHS for i in range(FIRMS * MONTHS)]
    return {"firm": firms, "panel": {"firm_id": owners, "month": months, "x": [i % 97 for i in range(FIRMS * MONTHS)]}}


PANEL = (
    ["firm_id", "month"],
    {"firm_id": {**KEY, "references": "firm.firm_id"}, "month": {"kind": "date"}, "x": {"kind": "count"}},
)


@pytest.mark.parametrize("method", ["linked", "independent", "marginals_dp"])
def test_a_key_of_firm_and_month_takes_no_row_of_the_copy(folder, declared, method):
    own = folder(**panel(kind=[f"k{i % 3}" for i in range(FIRMS)]))
    tables = declared(firm=(["firm_id"], {"firm_id": KEY, "kind": {"kind": "code"}}), panel=PANEL)
    seeded = {"seed": 1} if method == "marginals_dp" else {}
    model = synth.fit(own, method, own=tables, options=seeded)
    made = model.sample(1)["panel"]
    drawn = model.draw(1)["panel"].rows
    keys = set(zip(made["firm_id"].to_pylist(), made["month"].to_pylist(), strict=True))
    assert len(keys) == made.num_rows
    if method != "marginals_dp":  # its noise gives some firms more rows than there are months
        assert made.num_rows == drawn == FIRMS * MONTHS
        assert len(set(made["month"].to_pylist())) == MONTHS


def test_a_table_of_keys_alone_may_stand_above_others(folder, declared):
    """So each firm of a panel is protected with all of its months."""
    made = synth.fit(folder(**panel()), own=declared(firm=(["firm_id"], {"firm_id": KEY}), panel=PANEL)).sample(1)
    assert made["firm"].column_names == ["firm_id"] and made["firm"].num_rows == FIRMS
    assert set(made["panel"]["firm_id"].to_pylist()) == set(made["firm"]["firm_id"].to_pylist())


def test_a_reference_that_some_rows_lack_leads_to_rows_of_the_copy(folder, declared):
    """Whatever the names: one to a table that comes later in the alphabet was null in every row."""
    owners = [None if i < 20 else i % 50 for i in range(200)]
    accounts = {"account_id": list(range(200)), "person_id": owners, "x": [i % 7 for i in range(200)]}
    own = folder(account=accounts, person={"person_id": list(range(50)), "age": [20 + i % 5 for i in range(50)]})
    account = {
        "account_id": KEY,
        "person_id": {"kind": "key", "references": "person.person_id"},
        "x": {"kind": "count"},
    }
    tables = declared(
        account=(["account_id"], account), person=(["person_id"], {"person_id": KEY, "age": {"kind": "count"}})
    )
    made = synth.fit(own, own=tables).sample(1)
    led_to = made["account"]["person_id"].drop_null().to_pylist()
    assert len(led_to) == pytest.approx(180, abs=10)
    assert set(led_to) <= set(made["person"]["person_id"].to_pylist())


@pytest.mark.parametrize("key", [[], ["firm_id"], ["firm_id", "x"]])
def test_the_order_of_the_rows_changes_nothing(folder, declared, key):
    values = {"firm_id": np.arange(300), "x": np.arange(300) % 7, "y": np.arange(300) ** 2 % 101}
    tables = declared(firm=(key, {"firm_id": {"kind": "count"}, "x": {"kind": "count"}, "y": {"kind": "count"}}))
    order = np.random.default_rng(1).permutation(300)
    made = [
        synth.fit(folder(firm=columns), own=tables, keep_out=0.3).sample(1)["firm"]
        for columns in (values, {name: column[order] for name, column in values.items()})
    ]
    assert made[0].equals(made[1])


@pytest.mark.parametrize("key", [[], ["firm_id"]])
def test_a_copy_of_every_row_is_told_also_beside_one_row_more(folder, declared, tmp_path, key):
    """With one row more, every row that was learned and copied word for word looked like one that was held out."""
    pytest.importorskip("sklearn")
    from sfbench.synth.report import report

    values = {"firm_id": np.arange(1, 401), "x": np.arange(400) % 7, "y": np.arange(400) ** 2 % 10007}
    tables = declared(firm=(key, {"firm_id": {"kind": "count"}, "x": {"kind": "count"}, "y": {"kind": "count"}}))
    own, copy = folder(firm=values), tmp_path / "copy"
    synth.save(synth.fit(own, "bootstrap", own=tables, keep_out=0.3), tmp_path / "model.zip")
    synth.load(tmp_path / "model.zip").write_sample(copy, 1)
    wish = {"metadata": tmp_path / "metadata.json", "shadows": False}
    assert report(own, copy, **wish).safe == "beyond"
    folder(firm={name: np.r_[column[:1] - 1, column] for name, column in values.items()})
    assert report(own, copy, **wish).safe == "beyond"


def test_a_copy_whose_firms_were_held_out_another_way_is_not_judged(folder, declared, tmp_path, monkeypatch):
    pytest.importorskip("sklearn")
    from sfbench.synth.report import report

    tables = declared(firm=(["firm_id"], {"firm_id": KEY, "y": {"kind": "count"}}))
    own = folder(firm={"firm_id": np.arange(400), "y": np.arange(400) % 101})
    with monkeypatch.context() as before:
        before.setattr("sfbench.synth.split.BY_KEY", "place")
        synth.fit(own, own=tables, keep_out=0.3).write_sample(tmp_path / "copy", 1)
    with pytest.raises(SfbenchError, match="was made by an earlier sfbench"):
        report(own, tmp_path / "copy", metadata=tmp_path / "metadata.json")


@pytest.mark.parametrize("keys", [[*range(199), 198], [*range(199), None]])
def test_rows_without_a_key_of_their_own_are_refused(folder, declared, keys):
    """Else one firm would count as two of the k that share a value."""
    tables = declared(firm=(["firm_id"], {"firm_id": {"kind": "key"}, "x": {"kind": "count"}}))
    with pytest.raises(SfbenchError, match=r"the key does not tell rows apart(.|\n)*in 1 rows it is empty"):
        synth.fit(folder(firm={"firm_id": keys, "x": [i % 7 for i in range(200)]}), own=tables)


def test_a_reference_to_what_is_no_key_is_refused(declared):
    """Its rows were taken for the numbers of rows, so each had another's parent."""
    note = ([], {"firm_id": {**KEY, "references": "firm.firm_id"}, "x": {"kind": "count"}})
    with pytest.raises(SfbenchError, match=r"refers to 'firm.firm_id', which is no key"):
        declared(firm=([], {"firm_id": KEY}), note=note)


def test_rows_without_a_parent_and_rows_that_name_none_are_told_apart(folder, declared):
    note = {"firm_id": [None, None, 7, 0, 1], "x": [1, 2, 3, 4, 5]}
    said = {"firm_id": {**KEY, "references": "firm.firm_id"}, "x": {"kind": "count"}}
    tables = declared(firm=(["firm_id"], {"firm_id": KEY, "y": {"kind": "count"}}), note=([], said))
    with pytest.raises(SfbenchError, match="1 rows name a parent that is not there, 2 name none"):
        synth.fit(folder(firm={"firm_id": [0, 1], "y": [1, 2]}, note=note), own=tables)


def test_a_card_without_held_out_firms_says_so_in_both_languages(folder, declared, tmp_path):
    pytest.importorskip("sklearn")
    from sfbench.synth.report import report

    own = folder(firm={"id": list(range(60)), "x": [i % 7 for i in range(60)]})
    synth.fit(own, own=declared(firm=(["id"], {"id": KEY, "x": {"kind": "count"}}))).write_sample(tmp_path / "copy", 1)
    found = report(own, tmp_path / "copy", metadata=tmp_path / "metadata.json")
    figure = next(one for one in found.figures if one.name == "exact_copies")
    assert "no firms were held out" in figure.en and "没有留出企业" in figure.zh


def test_a_stand_in_for_text_names_its_column_in_any_script(folder, declared):
    own = folder(firm={"firm_id": list(range(30)), "客户名称": ["王芳"] * 30, "x": [1, 2, 3] * 10})
    said = {"firm_id": KEY, "客户名称": {"kind": "text"}, "x": {"kind": "count"}}
    made = synth.fit(own, own=declared(firm=(["firm_id"], said))).sample(1)["firm"]
    assert made["客户名称"].to_pylist()[:2] == ["SYN-客户名称-000000001", "SYN-客户名称-000000002"]


def test_a_draft_takes_an_id_for_the_key_of_its_own_table(folder):
    draft = detect(folder(order={"id": [1, 2], "person_id": [1, 1]}, person={"id": [1, 2], "age": [30, 40]}))
    assert draft["order"]["key"] == draft["person"]["key"] == ["id"]
    assert "references" not in draft["order"]["columns"]["id"]
    assert draft["order"]["columns"]["person_id"]["references"] == "person.id"


def test_a_draft_claims_of_no_reference_that_every_row_has_it(folder, tmp_path):
    """The data tell: `fit` refused rows without one as rows whose parent is missing."""
    owners = [None, *range(1, 99), 0]
    own = folder(
        note={"note_id": list(range(100)), "firm_id": owners}, firm={"firm_id": list(range(99)), "x": [1] * 99}
    )
    (tmp_path / "draft.json").write_text(json.dumps(detect(own)))
    model = synth.fit(own, own=synth.read_metadata(tmp_path / "draft.json"))
    assert synth.loose(model.specs, ["firm", "note"]) == {"note": "firm_id"}


def test_a_draft_leaves_out_what_cannot_be_learned_and_the_rest_can_be(folder, tmp_path):
    odd = {
        "at": [datetime.time(9, i % 60) for i in range(50)],
        "took": [datetime.timedelta(hours=i) for i in range(50)],
        "tags": [["a"]] * 50,
        "raw": [b"x"] * 50,
    }
    fine = {"on": [datetime.datetime(2024, 1, 1 + i % 28, 8) for i in range(50)], "none": pa.nulls(50), "x": [1] * 50}
    own = folder(firm={"firm_id": list(range(50)), **odd, **fine})
    assert [name.partition(" ")[0] for name in left_out(own)] == [f"firm.{name}" for name in odd]
    (tmp_path / "draft.json").write_text(json.dumps(detect(own)))
    made = synth.fit(own, own=synth.read_metadata(tmp_path / "draft.json")).sample(1)["firm"]
    assert made.column_names == ["firm_id", *fine]
