"""House rules of the built-in files: layers, declared needs, the portable subset, length."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from acceptance.metrics.dataset import declared, write_group

from metrics.views import open_views
from sfbench.metrics import Catalogue, catalogue

LARGE = {name for name, table in declared().items() if table.per_firm >= 0.5}  # rows for every second firm, or more
CATALOGUE: Catalogue = catalogue()
NAMES = sorted([*CATALOGUE.metrics, *CATALOGUE.marts])
# What is silently wrong or refused on another engine (design of the distributed run).
NOT_PORTABLE = (
    r"(?i)\b(ASOF|REPLACE|date_diff|date_sub|quantile_cont|percentile_cont|dayofweek|isodow|struct_pack|AVG|INTEGER)\b"
    r"|\blist\("
)


def code(name: str) -> str:
    sql = CATALOGUE.metrics[name].sql if name in CATALOGUE.metrics else CATALOGUE.marts[name].sql
    return re.sub(r"(?m)--.*$", "", sql)


def test_the_eleven_metrics_of_the_first_issue_are_here() -> None:
    assert len(CATALOGUE.metrics) >= 11
    assert {metric.measure for metric in CATALOGUE.metrics.values()} >= {0, 20}


@pytest.mark.parametrize("name", sorted(CATALOGUE.metrics))
def test_a_metric_reads_marts_and_small_tables_only(name: str) -> None:
    assert not {need.name for need in CATALOGUE.needs[name]} & LARGE


@pytest.fixture(scope="module")
def every_table(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """All declared tables."""
    return open_views(write_group(tmp_path_factory.mktemp("tables"), "none"))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_binds_on_the_columns_that_its_header_names_and_on_no_others(
    name: str, every_table: duckdb.DuckDBPyConnection
) -> None:
    bare = duckdb.connect()
    for need in CATALOGUE.tables_of(name):
        columns = {row[0]: row[1] for row in every_table.execute(f"DESCRIBE {need.name}").fetchall()}
        types = ", ".join(f'"{column}" {columns[column]}' for column in need.columns)
        bare.execute(f"CREATE TABLE {need.name} ({types})")
    for mart in CATALOGUE.marts_of(name):
        bare.execute(f"CREATE TABLE {mart.id} AS {mart.sql}")
    bare.execute(code(name))
    read = set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", code(name))) - set(re.findall(r"\b(\w+) AS \(", code(name)))
    assert read == {need.name for need in CATALOGUE.needs[name]}


@pytest.mark.parametrize("name", NAMES)
def test_a_header_names_no_column_in_vain(name: str) -> None:
    for need in CATALOGUE.needs[name]:
        if need.name in CATALOGUE.marts:
            assert need.columns in {(), ("month",)}  # of a mart only its new months may be asked for
        else:
            assert all(re.search(rf"\b{column}\b", code(name)) for column in need.columns)


@pytest.mark.parametrize("name", sorted(CATALOGUE.marts))
def test_a_mart_keeps_to_the_portable_subset(name: str) -> None:
    found = re.search(NOT_PORTABLE, code(name))
    assert found is None, found
    assert "/" not in code(name), "a mart holds exact sums; quotients belong in metrics"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_divides_only_by_what_cannot_be_zero(name: str) -> None:
    assert all(re.match(r"\s*(NULLIF\(|1e8\b)", rest) for rest in code(name).split("/")[1:])


def test_no_header_claims_a_cause() -> None:
    assert not any("caused by" in metric.sql for metric in CATALOGUE.metrics.values())


def test_every_mart_is_read() -> None:
    read = {mart.id for name in CATALOGUE.metrics for mart in CATALOGUE.marts_of(name)}
    assert read == set(CATALOGUE.marts)


def test_lines_are_short_enough_to_read() -> None:
    files = [metric.where for metric in CATALOGUE.metrics.values()] + [mart.where for mart in CATALOGUE.marts.values()]
    for where in files:
        lines = Path(where).read_text(encoding="utf-8").splitlines()
        assert len(lines) < 400
        assert max(map(len, lines)) <= 120, where


@pytest.mark.parametrize("name", sorted(CATALOGUE.metrics))
def test_a_definition_stands_in_both_languages(name: str) -> None:
    own = CATALOGUE.metrics[name]
    chinese = re.findall(r"[\u4e00-\u9fff]", own.source_zh)
    assert not re.search(r"[\u4e00-\u9fff]{3}", own.source.replace("研发", "").replace("技术改造", ""))
    # A Chinese text takes a third of the letters or more of its English original; a mere remark would not.
    assert len(chinese) > len(own.source) / 6
    # What was decided here and is in no plan is told apart in both.
    assert own.source.count("Decided where it is silent:") == own.source_zh.count("补充口径：") == 1
