"""Descriptions that the formats' own libraries read and judge, and that say what the files hold."""

import dataclasses
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path

import frictionless
import mlcroissant
import openpyxl
import polars as pl
import pytest
import yaml

import sfbench
from sfbench.errors import SfbenchError
from sfbench.metadata import FORMATS, write_metadata
from sfbench.store.export import export
from sfbench.store.read import published

TABLES = ("month", "institution", "industry", "bank_policy", "enterprise", "credit_application", "product", "loan")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("metadata") / "city"
    sfbench.generate(tables=TABLES, seed=2, out=folder)
    for form in FORMATS:
        write_metadata(folder, form)
    return folder


@pytest.fixture(scope="module")
def csv(city):
    folder = city.parent / "csv"
    export(city, "csv", folder)
    for form in ("croissant", "frictionless"):
        write_metadata(folder, form)
    return folder


def croissant(folder):
    return mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))


@pytest.mark.parametrize("of", ["city", "csv"])
def test_mlcroissant_finds_no_error_and_reads_the_rows(request, city, of):
    dataset = croissant(request.getfixturevalue(of))
    issues = dataset.metadata.ctx.issues
    assert not issues.errors
    assert not issues.warnings
    found = [record["institution/name_zh"].decode() for record in dataset.records("institution")]
    assert found == pl.read_parquet(city / "data" / "institution" / "*.parquet")["name_zh"].to_list()


def test_the_day_of_publication_is_that_of_the_manifest(city, tmp_path):
    import os
    import shutil

    copy = shutil.copytree(city, tmp_path / "city")
    noon = 1_750_000_000  # 2025-06-15 15:06:40 UTC
    os.utime(copy / "manifest.json", (noon, noon))
    path = write_metadata(copy, "croissant", force=True)
    assert json.loads(path.read_text(encoding="utf-8"))["datePublished"] == "2025-06-15"


def test_croissant_names_every_file_with_its_checksum_and_every_reference(city):
    record = json.loads((city / "croissant.json").read_text(encoding="utf-8"))
    for file in record["distribution"]:
        assert hashlib.sha256((city / file["contentUrl"]).read_bytes()).hexdigest() == file["sha256"]
    fields = {field["@id"]: field for records in record["recordSet"] for field in records["field"]}
    assert fields["loan/enterprise_id"]["references"] == {"field": {"@id": "enterprise/enterprise_id"}}
    assert "合成数据" in record["keywords"] and "seed 2" in record["isBasedOn"]["description"]


def test_frictionless_finds_the_data_valid(csv):
    report = frictionless.validate(str(csv / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])[:5]
    assert report.stats["tasks"] == len(TABLES)


def test_frictionless_finds_a_code_that_is_not_declared(csv, tmp_path):
    package = json.loads((csv / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [one for one in package["resources"] if one["name"] == "institution"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    text = (csv / "institution.synthetic.csv").read_text(encoding="utf-8-sig").replace(",bank,", ",bonk,", 1)
    (tmp_path / "institution.synthetic.csv").write_text(text, encoding="utf-8-sig")
    errors = frictionless.validate(str(tmp_path / "datapackage.json")).flatten(["type", "fieldName"])
    assert ["constraint-error", "kind"] in errors


def test_the_data_package_of_a_dataset_is_well_formed_and_tells_lineage(city):
    package = frictionless.Package(str(city / "datapackage.json"))
    loan = package.get_resource("loan")
    assert loan.schema.primary_key == ["loan_id"]
    assert {key["reference"]["resource"] for key in loan.schema.foreign_keys} >= {"enterprise", "institution"}
    assert loan.custom["lineage"] == list(published()["loan"].needs)


def test_the_card_has_what_the_hub_reads(city):
    _, head, body = (city / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    said = yaml.safe_load(head)
    assert said["license"] == "apache-2.0" and "synthetic" in said["tags"] and said["size_categories"] == ["10K<n<100K"]
    for config in said["configs"]:
        assert all((city / path).is_file() for path in config["data_files"])
    assert {config["config_name"] for config in said["configs"]} == set(TABLES)
    assert "Every row is invented" in body and "seed: 2" in body


class Page(HTMLParser):
    """Texts, and whatever a page would load."""

    def __init__(self):
        super().__init__()
        self.cells, self.loads, self.ids, self.links, self.open = [], [], set(), set(), ""

    def handle_starttag(self, tag, attrs):
        attrs, self.open = dict(attrs), tag
        self.loads += [attrs[name] for name in ("src",) if name in attrs] + ([tag] if tag in ("script", "link") else [])
        self.ids |= {attrs["id"]} if "id" in attrs else set()
        self.links |= {attrs["href"]} if "href" in attrs else set()

    def handle_data(self, data):
        if self.open == "td":
            self.cells.append(data)


def test_the_page_has_every_column_and_loads_nothing(city):
    page = Page()
    text = (city / "dictionary.html").read_text(encoding="utf-8")
    page.feed(text)
    assert not page.loads and "@import" not in text and "url(" not in text
    assert {link.removeprefix("#") for link in page.links} == page.ids == set(TABLES)
    names = {column.name for name in TABLES for column in published()[name].columns}
    assert names <= set(page.cells)


def test_the_dictionaries_agree(city):
    columns = [(name, column.name, column.zh) for name in TABLES for column in published()[name].columns]
    book = openpyxl.load_workbook(city / "dictionary.xlsx")
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert sorted(row[:3] for row in rows) == sorted(columns)
    lines = (city / "dictionary.md").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("| ") for line in lines) == len(columns) + len(TABLES)


def test_own_tables_are_described_without_the_mark(city, tmp_path):
    export(city, "parquet", tmp_path / "own", tables=["month", "institution"])
    (tmp_path / "own" / "export.json").unlink()
    for path in (tmp_path / "own").glob("*.parquet"):
        path.rename(path.with_name(path.name.replace(".synthetic", "")))
    for form in FORMATS:
        written = write_metadata(tmp_path / "own", form)
        if form != "xlsx":
            assert "合成数据" not in written.read_text(encoding="utf-8"), form


def test_bad_wishes_are_told(city, tmp_path):
    with pytest.raises(SfbenchError, match="did you mean 'croissant'"):
        write_metadata(city, "croisant")
    with pytest.raises(SfbenchError, match="--force"):
        write_metadata(city, "html")
    with pytest.raises(SfbenchError, match="would not be found"):
        write_metadata(city, "frictionless", tmp_path / "datapackage.json")
    with pytest.raises(SfbenchError, match="an export as jsonl is not described"):
        export(city, "jsonl", tmp_path / "x", tables=["month"])
        write_metadata(tmp_path / "x", "html")


def test_the_files_are_the_same_each_time(city, tmp_path):
    for form in ("html", "markdown", "xlsx"):
        again = write_metadata(city, form, tmp_path / FORMATS[form])
        assert again.read_bytes() == (city / FORMATS[form]).read_bytes()


def test_the_manifest_tells_what_makes_each_table_back_to_tables_that_need_nothing(city):
    lineage = json.loads((city / "manifest.json").read_text(encoding="utf-8"))["lineage"]
    root = Path(__file__).parents[2]
    assert set(TABLES) <= set(lineage)
    assert all((root / one["generator"]).is_file() for one in lineage.values())
    for name, one in lineage.items():
        assert set(one["from"]) <= set(lineage), name  # nothing stays unexplained
    assert lineage["loan"]["from"] == list(published()["loan"].needs)
    assert not lineage["month"]["from"]


def test_a_manifest_without_lineage_is_read_as_before(city, tmp_path):
    from sfbench.store import manifest

    made = manifest.read(city)
    older = dataclasses.replace(made, lineage={}, format=1)
    older.write(tmp_path)
    assert "lineage" not in (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert manifest.read(tmp_path) == older
