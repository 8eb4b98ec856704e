"""`export` and `import` as a user types them."""

import json

import pytest


@pytest.mark.parametrize(("lang", "says"), [("en", "2 tables"), ("zh", "2 张表")])
def test_export_tells_what_it_wrote(run, tiny, tmp_path, lang, says):
    done = run("export", tiny, "--tables", "month,district", "--out", tmp_path / "csv", "--lang", lang)
    assert done.exit_code == 0 and says in done.stdout
    assert (tmp_path / "csv" / "month.synthetic.csv").is_file()


def test_export_as_of_a_day_shows_what_was_known_then(run, tiny, tmp_path):
    words = ("export", tiny, "--tables", "loan_balance", "--json", "--out")
    whole = json.loads(run(*words, tmp_path / "a").stdout)["rows"]["loan_balance"]
    known = json.loads(run(*words, tmp_path / "b", "--as-of", "2023-06-30").stdout)["rows"]["loan_balance"]
    assert 0 < known < whole


def test_export_names_the_format_that_was_meant(refused, tiny, tmp_path):
    refused("export", tiny, "--format", "sqlit", "--out", tmp_path / "x", says=["did you mean 'sqlite'?"])


def test_import_lists_problems_in_both_languages_and_writes_them(run, tmp_path):
    path = tmp_path / "district.csv"
    path.write_text("district_id,name_zh\nx,甲\n", encoding="utf-8")
    words = ("import", path, "--out", tmp_path / "own")
    done = run(*words, "--problems", tmp_path / "problems.csv")
    assert done.exit_code == 1 and "no whole number" in done.stdout and "nothing was written" in done.stdout
    assert "不是整数" in run(*words, "--lang", "zh").stdout
    told = json.loads(run(*words, "--json").stdout)["problems"]
    assert {"file": "district.csv", "row": 2, "column": "district_id", "value": "x"}.items() <= told[-1].items()
    kept = (tmp_path / "problems.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(kept) == len(told) + 1 and "district.csv,district,2,district_id,x,whole" in kept[-1]


def test_what_was_exported_is_imported_and_checked(run, tiny, tmp_path):
    run("export", tiny, "--tables", "month,district", "--out", tmp_path / "csv")
    done = run("import", *sorted((tmp_path / "csv").glob("*.csv")), "--out", tmp_path / "own")
    assert done.exit_code == 0 and "check-schema" in done.stdout
    assert "2 tables" not in run("query", tmp_path / "own", "SELECT count(*) FROM month").stderr
