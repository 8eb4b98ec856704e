"""The tables of a city with texts for keys: imported, they give the figures that the city gives."""

import csv

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import sfbench
from sfbench.content import tables
from sfbench.intake import import_files
from sfbench.metrics import evaluate_folder
from sfbench.spec.alike import ALIKE

TABLES = ("loan", "loan_balance", "enterprise", "enterprise_tag", "institution", *ALIKE)
METRICS = ("tech_loan_balance", "tech_enterprise_borrowers", "tech_loan_overlap", "green_tech_loan_balance")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    home = tmp_path_factory.mktemp("keys") / "city"
    sfbench.generate("baseline", scale=0.005, seed=4, out=home, tables=list(TABLES))
    return home


def texts(table, held):
    """The rows with a text for each key but those of tables that every city has alike."""
    for column in tables()[table].spec.columns:
        if column.kind == "key" and column.references.partition(".")[0] not in ALIKE:
            place = held.column_names.index(column.name)
            known = column.references.partition(".")[0] or table
            text = pc.binary_join_element_wise(known, pc.cast(held[column.name], pa.string()), "-")
            held = held.set_column(place, column.name, text)
    return held


def figures(folder, metrics):
    rows = evaluate_folder(folder, metrics=metrics).table.to_pylist()
    names = ("metric", "component", "cut", "cut_value", "period")
    return {tuple(row[name] for name in names): row["value"] for row in rows if row["value"] is not None}


def test_the_figures_are_those_of_the_city_and_the_list_says_of_whom(city, tmp_path):
    files = []
    for table in TABLES:
        held = pq.read_table(city / "data" / table)
        files.append(tmp_path / f"{table}.parquet")
        pq.write_table(held if table in ALIKE else texts(table, held), files[-1])
    own = tmp_path / "own"
    assert import_files(files, own, text_keys=True).problems == ()
    with (own / "text_keys.csv").open(encoding="utf-8", newline="") as stream:
        named = {row["number"]: row["text"].rpartition("-")[2] for row in csv.DictReader(stream)}
    wanted, found = figures(city, METRICS), figures(own, METRICS)
    by_bank = {key for key in found if key[2] == "bank"}
    assert by_bank and all(key[3] in named for key in by_bank)
    found = {(*key[:3], named.get(key[3], key[3]), key[4]): value for key, value in found.items()}
    assert {key[0] for key in wanted} == set(METRICS)
    assert found == pytest.approx(wanted, rel=1e-12)
