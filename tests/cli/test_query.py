"""`sfbench query`: SQL from an argument, a file, a pipe; and that it can change nothing and see nothing else."""

import csv
import io
import json
import os
import signal

import duckdb
import pyarrow.parquet as pq
import pytest

import sfbench
from sfbench.query import sealed
from sfbench.store.read import present_files

COUNT = "SELECT count(*) AS notes FROM loan"


def rows_of(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_sql_comes_from_an_argument_a_file_or_a_pipe(tiny, run, process, tmp_path):
    notes = pq.read_table(tiny / "data" / "loan").num_rows
    (tmp_path / "q.sql").write_text(COUNT + ";\n", encoding="utf-8")
    assert rows_of(run("query", tiny, COUNT, "--format", "json")) == [{"notes": notes}]
    assert rows_of(run("query", tiny, "--file", tmp_path / "q.sql", "--format", "json")) == [{"notes": notes}]
    piped = process("query", tiny, "--format", "csv", typed=COUNT)
    assert (piped.returncode, list(csv.reader(io.StringIO(piped.stdout)))) == (0, [["notes"], [str(notes)]])


def test_every_format_holds_the_same_rows(tiny, run, tmp_path):
    sql = "SELECT loan_id, granted_on, institution_id, green FROM loan ORDER BY loan_id LIMIT 300"
    expected = duckdb.sql(sql.replace("loan ", f"'{tiny}/data/loan/*.parquet' ")).to_arrow_table().to_pylist()
    for form in ("csv", "json", "parquet"):
        out = tmp_path / f"rows.{form}"
        assert run("query", tiny, sql, "--out", out).exit_code == 0
        found = duckdb.sql(f"FROM '{out}'").to_arrow_table().to_pylist()
        assert [tuple(map(str, r.values())) for r in found] == [tuple(map(str, r.values())) for r in expected]
    table = run("query", tiny, sql)
    assert len(table.stdout.splitlines()) == 201 and "the first 200 rows" in table.stderr


def test_money_is_a_number_in_json(tiny, run):
    (row,) = rows_of(run("query", tiny, "SELECT CAST(12.50 AS DECIMAL(18,2)) AS yuan", "--format", "json"))
    assert row == {"yuan": 12.5}


def test_a_sum_of_whole_numbers_is_a_whole_number_in_json(tiny, run):
    (row,) = rows_of(
        run("query", tiny, "SELECT sum(n) AS n FROM (VALUES (9007199254740993), (2)) AS v(n)", "--format", "json")
    )
    assert row == {"n": 9007199254740995} and isinstance(row["n"], int)  # above 2**53: a double ends in 6


@pytest.mark.parametrize("number", ["nan", "inf"])
def test_what_json_has_no_word_for_is_told(tiny, run, number):
    failed = run("query", tiny, f"SELECT CAST('{number}' AS DOUBLE) AS x", "--format", "json")
    assert failed.exit_code == 2 and "do:  cast the column, or choose another format" in failed.stderr


def test_columns_of_one_name_are_told_where_one_would_be_lost(tiny, run, refused, tmp_path):
    twice = "SELECT a.loan_id, b.loan_id FROM loan AS a JOIN loan AS b USING (loan_id) LIMIT 1"
    refused("query", tiny, twice, "--format", "json", says=["several columns are called 'loan_id'", "AS"])
    assert run("query", tiny, twice, "--format", "csv").stdout.startswith('"loan_id","loan_id"\n')


def test_as_of_shows_what_was_known(tiny, run):
    known = sfbench.open(tiny, as_of="2024-06-30").sql(COUNT).fetchall()[0][0]
    assert rows_of(run("query", tiny, COUNT, "--as-of", "2024-06-30", "--format", "json")) == [{"notes": known}]
    assert known < pq.read_table(tiny / "data" / "loan").num_rows


def test_several_statements_and_temporary_tables_are_fine(tiny, run):
    sql = "CREATE TEMP TABLE g AS SELECT * FROM loan WHERE green; SELECT 1; SELECT count(*) > 0 AS some FROM g"
    assert rows_of(run("query", tiny, sql, "--format", "json")) == [{"some": True}]
    pivot = "PIVOT (SELECT green FROM loan) ON green USING count(*)"
    assert rows_of(run("query", tiny, pivot, "--format", "json"))[0]["true"] > 0


WRITES = [
    "COPY (SELECT 1 AS a) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "COPY (PIVOT loan ON green USING count(*)) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "EXPLAIN ANALYZE COPY (SELECT 1 AS a) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "EXPLAIN /* x */ ANALYZE copy loan TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "PREPARE p AS COPY (SELECT 1 AS a) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "SELECT 1; COPY loan TO '{folder}/new.csv'",
    "EXPORT DATABASE '{folder}/all'",
    "ATTACH '{folder}/new.db'",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "INSTALL httpfs",
    "LOAD httpfs",
    "PRAGMA memory_limit = '1GB'",
    "CREATE SECRET (TYPE s3)",
]


@pytest.mark.parametrize("sql", WRITES)
def test_nothing_can_be_written(copy, refused, tmp_path, sql):
    file = next((copy / "data" / "loan").glob("*.parquet"))
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    refused("query", copy, sql.format(file=file, folder=copy))
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM '{other}'",
        "CREATE TABLE t (a VARCHAR); COPY t FROM '/etc/passwd'",
    ],
)
def test_no_other_file_can_be_read(tiny, refused, tmp_path, sql):
    other = tmp_path / "other.parquet"
    pq.write_table(pq.read_table(tiny / "data" / "month"), other)
    refused("query", tiny, sql.format(other=other))


def test_a_dataset_in_a_folder_with_odd_letters_can_be_asked(copy, run, tmp_path):
    place = copy.rename(tmp_path / "o[u]t *?'s")
    assert rows_of(run("query", place, COUNT, "--format", "json"))[0]["notes"] > 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["SELECT * FROM laon"], ["the query fails", "did you mean 'loan'?"]),
        (["SELECT green2 FROM loan"], ["the query fails", "green2"]),
        (["SELEC 1"], ["the query fails", "syntax error"]),
        (["SELECT error('late') FROM range(3)"], ["the query fails", "late"]),
        (["; ;"], ["there is no SQL"]),
        ([COUNT, "--file", "x.sql"], ["SQL and --file are given", "give one of them"]),
        (["--file", "nowhere.sql"], ["--file nowhere.sql: the file cannot be read", "No such file"]),
        ([COUNT, "--format", "parquet"], ["add --out FILE.parquet"]),
        ([COUNT, "--format", "csv", "--out", "x.json"], ["do not go together"]),
        ([COUNT, "--out", "x.xlsx"], ["'.xlsx' is no format"]),
        ([COUNT, "--as-of", "soon"], ["--as-of: 'soon' is no date"]),
        (["--metric", "tech_loan_balence"], ["did you mean 'tech_loan_balance'"]),
    ],
)
def test_a_bad_question_is_one_clear_error(tiny, refused, words, says):
    refused("query", tiny, *words, says=says)


def test_a_folder_without_data_is_refused(refused, tmp_path):
    refused("query", tmp_path, COUNT, says=["manifest.json is missing"])
    refused("query", tmp_path, "--metric", "tech_loan_balance", says=["manifest.json is missing"])


@pytest.mark.parametrize("option", [("--out", "m.csv"), ("--out", "m.sql"), ("--format", "csv")])
def test_the_sql_of_a_metric_is_no_rows(tiny, refused, tmp_path, monkeypatch, option):
    """`--out m.csv` was passed over without a word, and `--out m.sql` called no format of figures."""
    monkeypatch.chdir(tmp_path)
    words = ("query", tiny, "--metric", "tech_loan_balance", *option)
    refused(*words, says=[f"{option[0]}: --metric prints SQL, and no rows", "`> FILE` keeps the SQL"])
    assert not list(tmp_path.iterdir())


def test_the_sql_of_a_metric_runs_as_it_stands_and_gives_its_figures(tiny, run, tmp_path):
    day = "2025-06-30"
    shown = run("query", tiny, "--metric", "tech_enterprise_borrowers", "--as-of", day)
    assert shown.exit_code == 0 and shown.stdout.startswith("-- tech_enterprise_borrowers reads ")
    plain = duckdb.connect()
    plain.execute(shown.stdout)
    names = [column[0] for column in plain.description]
    rows = [dict(zip(names, row, strict=True)) for row in plain.fetchall()]
    found = {(row["period"], row["cut"], row["cut_value"]): row["value"] for row in rows}
    expected = sfbench.evaluate(tiny, metrics=["tech_enterprise_borrowers"], as_of=day).to_pylist()
    assert found == {(row["period"], row["cut"], row["cut_value"]): row["value"] for row in expected}
    (tmp_path / "m.sql").write_text(shown.stdout, encoding="utf-8")
    again = rows_of(run("query", tiny, "--file", tmp_path / "m.sql", "--format", "json"))
    assert len(again) == len(expected)


def test_the_prompt_goes_on_after_an_error(tiny, run, monkeypatch):
    lines = iter([".tables", "SELECT nothing;", "SELECT count(*) AS notes", "FROM loan;", ".tabels", ".exit"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    monkeypatch.setattr("sfbench.cli.query._on_terminal", lambda: True)
    result = run("query", tiny)
    assert result.exit_code == 0
    assert "loan_balance\n" in result.stdout and "notes" in result.stdout and "did you mean '.tables'" in result.stdout
    assert "error: the query fails" in result.stderr


ENDLESS = "SELECT SUM(a.loan_id * b.loan_id % 7 + c.loan_id) FROM loan_balance a, loan_balance b, loan_balance c"


@pytest.fixture
def ctrl_c(monkeypatch):
    """Ctrl-C as soon as the endless query is asked."""
    run = sealed.Sealed.run

    def pressed(self, sql):
        if ENDLESS in sql:
            os.kill(os.getpid(), signal.SIGINT)
        return run(self, sql)

    monkeypatch.setattr(sealed.Sealed, "run", pressed)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a worker of pytest-xdist ignores it
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_a_query_and_the_prompt_goes_on(tiny, run, monkeypatch, ctrl_c):
    lines = iter([f"{ENDLESS};", "SELECT 'after' AS word;", ".exit"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    monkeypatch.setattr("sfbench.cli.query._on_terminal", lambda: True)
    result = run("query", tiny)
    assert result.exit_code == 0
    assert "the query is stopped" in result.stderr and "after" in result.stdout


def test_ctrl_c_stops_a_query_that_stands_alone(tiny, run, ctrl_c):
    result = run("query", tiny, ENDLESS)
    assert result.exit_code == 130
    assert "stopped: nothing was changed" in result.stderr


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE loan",
        "DELETE FROM loan",
        "UPDATE loan SET loan_id = 1",
        "INSERT INTO loan FROM loan",
        "CREATE VIEW loan AS SELECT 1",
        "CREATE OR REPLACE TABLE loan AS SELECT 1",
    ],
)
def test_who_would_change_a_table_of_the_dataset_is_told_what_to_do(tiny, refused, run, sql):
    refused("query", tiny, sql, says=["the query fails", "do:  the dataset's tables are read only; CREATE TEMP TABLE"])
    assert "处理：数据集的表只读" in run("query", tiny, sql, "--lang", "zh").stderr


def test_the_prompt_errs_in_chinese(tiny, run, monkeypatch):
    lines = iter(["SELECT * FROM lona;", ".tabels", ".exit"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    monkeypatch.setattr("sfbench.cli.query._on_terminal", lambda: True)
    result = run("query", tiny, "--lang", "zh")
    assert "错误：查询失败\n  原因：" in result.stderr and "处理：是否指'loan'？" in result.stderr
    assert "没有命令'.tabels'； 是否指'.tables'？" in result.stdout


def test_a_users_column_that_cannot_be_read_is_told(tiny, run, tmp_path):
    table = pq.read_table(tiny / "data" / "month")
    pq.write_table(table.drop_columns(table.column_names[-1]), tmp_path / "month.parquet")
    result = run("query", tmp_path, "SELECT count(*) FROM month", "--format", "csv")
    assert result.exit_code == 0 and f"not read: month.{table.column_names[-1]}: missing" in result.stderr


def test_the_list_of_files_is_read_once_however_many_tables_there_are(tiny, monkeypatch):
    read = []
    monkeypatch.setattr(sealed, "present_files", lambda folder: read.append(folder) or present_files(folder))
    with sealed.open_sealed(tiny) as found:
        assert len(found.tables) > 70
    assert read == [tiny]
