"""`sfbench factors`: the stated numbers of rows are exact, the same every time, and go from rare to common."""

import datetime
import json

import duckdb
import pyarrow.parquet as pq
import pytest

import sfbench
from sfbench.factors import templates


@pytest.fixture(scope="module")
def written(tiny, tmp_path_factory):
    out = tmp_path_factory.mktemp("factors") / "out"
    sfbench.factor_tables(tiny, out)
    return out


def rows_of(out):
    return json.loads((out / "factors.json").read_text(encoding="utf-8"))


def choices(rows):
    """The rows of a query at a level: one for each of its parameters."""
    found = {}
    for row in rows:
        found.setdefault((row["query"], row["level"]), []).append(row)
    return found


def test_every_stated_number_of_rows_is_what_the_query_gives(tiny, written):
    """Counted by running each written query on the files themselves."""
    connection = duckdb.connect()
    for folder in (tiny / "data").iterdir():
        connection.execute(f"CREATE VIEW {folder.name} AS SELECT * FROM '{folder}/*.parquet'")
    for (query, _), rows in choices(rows_of(written)).items():
        sql = (written / "queries" / f"{query}.sql").read_text(encoding="utf-8").partition("\n")[2]
        for row in rows:
            sql = sql.replace(f"${row['parameter']}", f"CAST('{row['value']}' AS {row['type']})")
        found = connection.execute(sql).fetchall()
        whole = connection.execute(f"SELECT count(*) FROM {templates()[query].table}").fetchall()[0][0]
        assert {row["rows_selected"] for row in rows} == {len(found)}, rows
        assert [row["share"] for row in rows] == pytest.approx([len(found) / whole] * len(rows))


def test_a_query_of_two_parameters_has_a_value_of_each_at_every_level(written):
    found = [row for row in rows_of(written) if row["query"] == "balances_of_bank_month"]
    named = [(row["level"], row["parameter"], row["type"]) for row in found]
    levels = list(dict.fromkeys(row["level"] for row in found))
    kinds = (("institution_id", "BIGINT"), ("month", "DATE"))
    assert len(levels) >= 5 and named == [(level, *kind) for level in levels for kind in kinds]


def test_a_window_is_the_shortest_that_holds_its_share(tiny, written):
    """Windows end with the last grant; one that begins a day with grants later holds less."""
    days = sorted(pq.read_table(tiny / "data" / "loan", columns=["granted_on"])["granted_on"].to_pylist())
    windows = {level: rows for (query, level), rows in choices(rows_of(written)).items() if "between" in query}
    assert list(windows) == ["0.1 %", "1 %", "10 %", "50 %"]
    for level, (first, last) in windows.items():
        wanted = float(level.split()[0]) / 100 * len(days)
        begin = datetime.date.fromisoformat(first["value"])
        assert last["value"] == str(days[-1])
        assert first["rows_selected"] == sum(day >= begin for day in days) >= wanted > sum(day > begin for day in days)


def test_every_template_has_values_from_rare_to_common(written):
    rows = rows_of(written)
    assert {row["query"] for row in rows} == set(templates())
    for name in templates():
        counts = [found[0]["rows_selected"] for (query, _), found in choices(rows).items() if query == name]
        assert counts in (sorted(counts), sorted(counts, reverse=True))
        assert len(counts) >= 2 or name == "notes_of_chain_leader"  # of which the tiny city has one
    notes = {row["level"]: row["rows_selected"] for row in rows if row["query"] == "notes_of_firm"}
    assert notes["min"] == 1 and notes["max"] > notes["p99"]


def test_the_extremes_are_those_of_the_table(tiny, written):
    rows = [row for row in rows_of(written) if row["query"] == "notes_of_firm"]
    table = pq.read_table(tiny / "data" / "loan", columns=["enterprise_id"])
    counts = sorted(table["enterprise_id"].value_counts().field("counts").to_pylist())
    by_level = {row["level"]: row["rows_selected"] for row in rows}
    assert by_level["max"] == counts[-1] and by_level["min"] == counts[0]
    assert by_level["p99"] == counts[-(-99 * len(counts) // 100) - 1]


def test_two_runs_give_the_same_files(tiny, written, tmp_path):
    sfbench.factor_tables(tiny, tmp_path / "again")
    files = sorted(path.relative_to(written) for path in written.rglob("*") if path.is_file())
    assert [(tmp_path / "again" / file).read_bytes() for file in files] == [(written / f).read_bytes() for f in files]
    assert pq.read_table(written / "factors.parquet").to_pylist() == rows_of(written)


def test_as_of_counts_what_was_known(tiny, written, run, tmp_path):
    result = run("factors", tiny, "--out", tmp_path / "then", "--as-of", "2023-06-30", "--json")
    assert result.exit_code == 0
    then = [row for row in json.loads(result.stdout) if row["query"] == "balances_of_month"]
    assert max(row["value"] for row in then) <= "2023-06-30"


def test_a_table_that_is_not_there_leaves_out_its_queries(tiny, run, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    pq.write_table(pq.read_table(tiny / "data" / "loan"), folder / "loan.parquet")
    result = run("factors", folder, "--out", tmp_path / "out")
    assert result.exit_code == 0 and "left out: firms_with_tag: Table with name enterprise_tag" in result.stderr
    said = run("factors", folder, "--out", tmp_path / "zh", "--lang", "zh").stderr
    assert "略去：firms_with_tag：缺少数据表enterprise_tag" in said and "exist" not in said
    assert {row["query"] for row in rows_of(tmp_path / "out")} == {
        "notes_of_bank",
        "notes_of_firm",
        "notes_above_amount",
        "notes_granted_between",
    }


def test_a_column_that_is_not_there_leaves_out_its_queries_alone(tiny, run, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    pq.write_table(pq.read_table(tiny / "data" / "loan").drop_columns(["amount_rmb"]), folder / "loan.parquet")
    result = run("factors", folder, "--out", tmp_path / "out")
    assert result.exit_code == 0 and 'left out: notes_above_amount: Referenced column "amount_rmb"' in result.stderr
    assert {row["query"] for row in rows_of(tmp_path / "out")} == {
        "notes_of_bank",
        "notes_of_firm",
        "notes_granted_between",
    }


def test_a_users_own_query_joins_in_and_a_broken_one_names_its_file(tiny, run, refused, tmp_path):
    (tmp_path / "factors").mkdir()
    own = tmp_path / "factors" / "green_notes.sql"
    head = "-- id: green_notes\n-- zh: 绿色\n-- en: Green\n-- table: loan\n-- parameter: green | BOOLEAN\n\n"
    query = "SELECT * FROM loan WHERE green = $green;\nSELECT green, COUNT(*) AS rows_selected FROM loan\n"
    own.write_text(head + query + "GROUP BY green\n", encoding="utf-8")
    result = run("factors", tiny, "--out", tmp_path / "out", "--content", tmp_path, "--json")
    assert {row["value"] for row in json.loads(result.stdout) if row["query"] == "green_notes"} == {"true", "false"}
    own.write_text(head + query.replace("GROUP", "GRUOP") + "GRUOP BY green\n", encoding="utf-8")
    refused("factors", tiny, "--out", tmp_path / "new", "--content", tmp_path, says=["green_notes.sql", "fails"])
    own.write_text(head + query.replace("SELECT green", "SELECT gren") + "GROUP BY gren\n", encoding="utf-8")
    says = ["green_notes.sql", "fails", '"gren"', "do:  correct the query"]
    refused("factors", tiny, "--out", tmp_path / "new", "--content", tmp_path, says=says)
    own.write_text(head + query.replace("= $green", "= $gren") + "GROUP BY green\n", encoding="utf-8")
    says = ["green_notes.sql:1", "the first query asks for $gren"]
    refused("factors", tiny, "--out", tmp_path / "new", "--content", tmp_path, says=says)
    own.write_text(head + query.replace("SELECT green", "SELECT green AS value") + "GROUP BY green\n", encoding="utf-8")
    says = ["green_notes.sql", "give no column green", "name a column after each parameter"]
    refused("factors", tiny, "--out", tmp_path / "new", "--content", tmp_path, says=says)
    own.write_text(head.replace("parameter", "paramter") + query, encoding="utf-8")
    says = ["green_notes.sql:5", "did you mean 'parameter'"]
    refused("factors", tiny, "--out", tmp_path / "new", "--content", tmp_path, says=says)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_other_things_stays_as_it_is(tiny, run, refused, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    refused("factors", tiny, "--out", tmp_path, says=["the output folder holds something else"])
    refused("factors", tmp_path, "--out", tmp_path / "out", says=["manifest.json is missing"])
    assert run("factors", tiny, "--out", tmp_path / "out").exit_code == 0
    refused("factors", tiny, "--out", tmp_path / "out", says=["holds factor tables", "--force"])
    assert run("factors", tiny, "--out", tmp_path / "out", "--force").exit_code == 0
