"""What was exported comes back as it was: amounts, dates, nulls, empty texts, Chinese, formula-like text."""

import pyarrow.parquet as pq
import pytest

from sfbench.intake import import_files
from tests.store.formats.conftest import FEW, held

WAYS = [
    ("csv", {"encoding": "utf-8-sig"}),
    ("csv", {"encoding": "gb18030"}),
    ("dat", {}),
    ("dat", {"encoding": "gb18030"}),
]


@pytest.mark.parametrize(("form", "wishes"), WAYS)
def test_text_files(exported, city, declared, tmp_path, form, wishes):
    folder = exported(form, **wishes)
    done = import_files(sorted(folder.glob(f"*.{form}")), tmp_path / "own", declared=declared)
    assert done.problems == () and set(done.rows) == set(FEW)
    for name in FEW:
        table = pq.read_table(tmp_path / "own" / f"{name}.parquet")
        assert table.to_pydict() == held(city, name)
        assert table.schema.metadata[b"sfbench.synthetic"] == b"true"


def test_a_workbook(exported, city, declared, tmp_path):
    book = exported("xlsx", ".xlsx")
    done = import_files([book], tmp_path / "own", declared=declared, keep_sound=True)
    # Excel has no empty text: where a text is required, the empty one is a problem.
    assert [(one.row, one.column, one.kind) for one in done.problems] == [(14, "label", "null")]
    for name in FEW:
        found = pq.read_table(tmp_path / "own" / f"{name}.parquet").to_pydict()
        expected = held(city, name)
        keep = [place for place, key in enumerate(expected[declared[name].key[0]]) if (name, key) != ("nasty", 13)]
        assert found == {column: [cells[place] for place in keep] for column, cells in expected.items()}


def test_what_was_imported_can_be_evaluated(exported, declared, tmp_path):
    import sfbench

    folder = exported("csv", tables=("institution", "loan"), encoding="utf-8")
    import_files(sorted(folder.glob("*.csv")), tmp_path / "own", declared=declared)
    assert sfbench.sql(tmp_path / "own", "SELECT count(*) AS n FROM loan")["n"][0].as_py() > 0


def test_the_same_in_python(city, tmp_path):
    import sfbench

    where = {"content_dirs": [city.parent / "content"]}
    done = sfbench.export(city, "csv", tmp_path / "csv", tables=["nasty"], **where)
    assert done.rows == {"nasty": 20} and done.synthetic
    back = sfbench.import_files([tmp_path / "csv" / "nasty.synthetic.csv"], tmp_path / "own", **where)
    assert back.rows == {"nasty": 20} and back.problems == ()
