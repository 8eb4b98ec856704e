"""A user's files as they come: other headings, labels in place of codes, other dates; what does not fit, by row."""

import datetime
from decimal import Decimal

import openpyxl
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.intake import import_files
from sfbench.intake.problems import WORDS

HEAD = "编号,文字,等级,DKYE,利率,on_day,标志,数值"


@pytest.fixture
def take(tmp_path, declared):
    """Import one file of `nasty` with this text."""

    def run(text, name="nasty.csv", *, data=None, **wishes):
        path = tmp_path / name
        path.write_bytes(data if data is not None else text.encode("utf-8"))
        return import_files([path], tmp_path / "own", declared=declared, **wishes)

    return run


@pytest.fixture
def rows(tmp_path):
    return lambda: pq.read_table(tmp_path / "own" / "nasty.parquet").to_pylist()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_headings_labels_and_forms_of_people(take, rows, delimiter):
    lines = (
        HEAD,
        "1,甲,正常,1234.5,4.35%,2025/12/31,是,1e3",
        "2,乙,watch,-0.10,0,20251231,0,",
        "3,丙,FQ01,,1.0,2025年1月2日,no,2",
    )
    done = take("\n".join(lines).replace(",", delimiter) + "\n", "刁钻.csv")
    assert done.problems == ()
    first, second, third = rows()
    assert first["amount"] == Decimal("1234.50") and first["rate"] == Decimal("4.35000") and first["grade"] == "FQ01"
    assert first["on_day"] == second["on_day"] == datetime.date(2025, 12, 31) and third["on_day"].day == 2
    assert (first["flagged"], second["flagged"], third["flagged"]) == (True, False, False)
    assert second["grade"] == "FQ02" and second["measured"] is None and third["amount"] is None
    assert third["note"] is None and first["measured"] == 1000.0  # a column that is not there may be null


@pytest.mark.parametrize(
    ("line", "column", "kind"),
    [
        (",a,FQ01,1,1,2025-12-31,1,1", "nasty_id", "null"),
        ("x,a,FQ01,1,1,2025-12-31,1,1", "nasty_id", "whole"),
        ("1.5,a,FQ01,1,1,2025-12-31,1,1", "nasty_id", "whole"),
        ("99999999999999999999,a,FQ01,1,1,2025-12-31,1,1", "nasty_id", "range"),
        ("9,,FQ01,1,1,2025-12-31,1,1", "label", "null"),
        ("9,锟斤拷,FQ01,1,1,2025-12-31,1,1", "label", "garbled"),
        ("9,a,FQ09,1,1,2025-12-31,1,1", "grade", "code"),
        ("9,a,FQ01,1.234,1,2025-12-31,1,1", "amount", "digits"),
        ("9,a,FQ01,12345678901234567.00,1,2025-12-31,1,1", "amount", "range"),
        ('9,a,FQ01,"1,23",1,2025-12-31,1,1', "amount", "number"),
        ("9,a,FQ01,壹佰,1,2025-12-31,1,1", "amount", "number"),
        ("9,a,FQ01,1,,2025-12-31,1,1", "rate", "null"),
        ("9,a,FQ01,1,1,2025-02-30,1,1", "on_day", "date"),
        ("9,a,FQ01,1,1,31.12.2025,1,1", "on_day", "date"),
        ("9,a,FQ01,1,1,2025-12-31,maybe,1", "flagged", "flag"),
        ("9,a,FQ01,1,1,2025-12-31,1,many", "measured", "number"),
        ("9,a,FQ01,1,1,2025-12-31,1", "", "cells"),
        ("9,a,FQ01,1,1,2025-12-31,1,1,1", "", "cells"),
        ("1,b,FQ01,1,1,2025-12-31,1,1", "nasty_id", "duplicate"),
    ],
)
def test_a_problem_is_told_with_file_row_and_column(take, rows, tmp_path, line, column, kind):
    text = "\n".join([HEAD, "1,a,FQ01,1,1,2025-12-31,1,1", line, "3,a,FQ01,1,1,2025-12-31,1,1", ""])
    done = take(text)
    assert [(p.file, p.row, p.column, p.kind) for p in done.problems] == [("nasty.csv", 3, column, kind)]
    assert done.rows == {} and not (tmp_path / "own").exists()
    assert set(take(text, keep_sound=True).rows.values()) == {2}
    assert [row["nasty_id"] for row in rows()] == [1, 3]


def test_every_kind_has_words_in_both_languages(take):
    assert all(en and any("\u4e00" <= letter <= "\u9fff" for letter in zh) for en, zh in WORDS.values())


def test_a_row_may_have_many_problems_and_good_numbers_with_commas(take):
    done = take(f'{HEAD}\n1,a,FQ01,"1,234,567.80",1,2025-12-31,1,1\nx,,FQ07,y,z,w,v,u\n')
    assert [one.kind for one in done.problems] == [
        "whole",
        "null",
        "code",
        "number",
        "number",
        "date",
        "flag",
        "number",
    ]
    assert {one.row for one in done.problems} == {3}


def test_a_missing_column_is_told(take):
    done = take("编号,文字\n1,a\n", keep_sound=True)
    assert [(p.row, p.column, p.kind) for p in done.problems] == [(1, "rate", "missing_column")]
    assert done.rows == {"nasty": 0}


@pytest.mark.parametrize(
    ("data", "wishes", "says"),
    [
        ("編號,文字\n1,深圳\n".encode("big5"), {}, "no heading is known|cannot be read"),
        ("编号,文字\n1,深圳\n".encode("gb18030"), {"encoding": "utf-8"}, "it reads as gb18030: --encoding gb18030"),
        ("编号,文字\n1,深圳\n".encode(), {"encoding": "gb18030"}, "it reads as utf-8"),
        (b"nasty_id,label\n1,a\n2," + b"\xff\xff\n", {}, r"nasty.csv:3: the text cannot be read"),
        (b"a,b\n1,2\n", {}, "no heading is known"),
        (b"", {}, "the file is empty"),
        (b"PK\x03\x04 and no more", {}, "Excel workbook"),
        ("编号,nasty_id\n1,1\n".encode(), {}, "two headings mean the same column"),
        ("编号\n1\n".encode(), {"encoding": "latin-1"}, "no encoding 'latin-1'"),
        ("编号\n1\n".encode(), {"table": "nosty"}, "did you mean 'nasty'"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(take, tmp_path, data, wishes, says):
    with pytest.raises(SfbenchError, match=says):
        take("", data=data, **wishes)
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_found(take, rows, encoding):
    take("", data=f"{HEAD}\n1,深圳市,正常,1,1,,,\n".encode(encoding))
    assert rows()[0]["label"] == "深圳市"


def test_an_unknown_table_and_a_broken_workbook_are_told(take, tmp_path):
    with pytest.raises(SfbenchError, match="did you mean 'nasty'"):
        take(HEAD, "nastty.csv")
    with pytest.raises(SfbenchError, match="the workbook cannot be read"):
        take("", "nasty.xlsx", data=b"PK\x03\x04 broken")
    with pytest.raises(SfbenchError, match="are not read"):
        take(HEAD, "nasty.pdf")
    with pytest.raises(SfbenchError, match="no such file"):
        import_files([tmp_path / "none.csv"], tmp_path / "own")


def test_a_workbook_of_a_person(tmp_path, declared):
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    for line in (
        ["编号", "文字", "利率", "金额", "on_day"],
        [1, "甲", 4.35, 0.1 + 0.2, datetime.datetime(2025, 1, 2)],
        [2, "乙", "x", 1, None],
    ):
        book.active.append(line)
    book.save(tmp_path / "nasty.xlsx")
    done = import_files([tmp_path / "nasty.xlsx"], tmp_path / "own", declared=declared, keep_sound=True)
    assert [(p.file, p.row, p.column, p.value) for p in done.problems] == [("nasty.xlsx/Sheet1", 3, "rate", "x")]
    row = pq.read_table(tmp_path / "own" / "nasty.parquet").to_pylist()[0]
    assert row["amount"] == Decimal("0.30") and row["on_day"] == datetime.date(2025, 1, 2)


def test_files_of_one_table_follow_each_other_and_share_their_keys(tmp_path, declared):
    for name, key in (("a", 1), ("b", 2), ("c", 1)):
        (tmp_path / f"{name}.csv").write_text(f"{HEAD}\n{key},{name},正常,1,1,,,\n", encoding="utf-8")
    files = [tmp_path / f"{name}.csv" for name in "abc"]
    done = import_files(files, tmp_path / "own", table="nasty", declared=declared)
    assert [(p.file, p.kind, p.value) for p in done.problems] == [("c.csv", "duplicate", "1")]
    assert import_files(files[:2], tmp_path / "own", table="nasty", declared=declared).rows == {"nasty": 2}
    with pytest.raises(SfbenchError, match="--force"):
        import_files(files[:2], tmp_path / "own", table="nasty", declared=declared)
    import_files(files[:1], tmp_path / "own", table="nasty", declared=declared, force=True)
    assert pq.read_table(tmp_path / "own" / "nasty.parquet").num_rows == 1


def test_rows_keep_their_numbers_and_order_over_many_batches(take, rows, monkeypatch):
    from sfbench.intake import delimited, run

    monkeypatch.setattr(delimited, "_BLOCK", 512)  # bytes: a batch has some ten rows
    monkeypatch.setattr(run, "_BATCH", 100)
    lines = [f"{key},名,正常,1,1,2025-12-31,1,1" for key in range(2, 1002)]  # the key is the row's number
    for row, line in (
        (17, "x,名,正常,1,1,2025-12-31,1,1"),
        (40, "40,名"),
        (41, "41,名,正常,1,1,2025-12-31,1,1,1,1"),
        (900, "3,名,正常,1,1,2025-12-31,1,1"),
        (999, "999,名,无此级,1,1,2025-12-31,1,1"),
    ):
        lines[row - 2] = line
    done = take("\n".join([HEAD, *lines]) + "\n", keep_sound=True)
    told = [(one.row, one.kind) for one in done.problems]
    assert told == [(17, "whole"), (40, "cells"), (41, "cells"), (900, "duplicate"), (999, "code")]
    assert (done.read, done.rows) == ({"nasty": 1000}, {"nasty": 995})
    assert [row["nasty_id"] for row in rows()] == [n for n in range(2, 1002) if n not in (17, 40, 41, 900, 999)]
