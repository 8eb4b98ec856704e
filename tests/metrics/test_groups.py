"""What groups are called in both languages: every cut, and every value but numbers, has its words."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench.kit import vocabulary
from sfbench.metrics import catalogue, evaluate
from sfbench.metrics.groups import Name, cut_label, group_name, group_words, held_names

NUMBERS = {"batch", "measure", "vintage"}  # months, measures of the plan and years, which need no words
HELD = {"bank": {"7": Name("甲银行", "Bank A")}}


def test_every_cut_of_a_metric_has_its_row_and_no_other_has_one() -> None:
    metrics = catalogue().metrics.values()
    used = {cut for metric in metrics for cut in metric.cuts} - {"total"}
    named = {cut.rpartition("/")[2] for cut in vocabulary("cut", "cut")}
    assert named == used
    special = {tuple(cut.split("/")) for cut in vocabulary("cut", "cut") if "/" in cut}
    assert all(cut in catalogue().metrics[metric].cuts for metric, cut in special)
    assert set(vocabulary("cut_value", "cut")) <= named | {"*"}
    assert all(re.search("[\u4e00-\u9fff]", zh) for zh in vocabulary("cut", "zh"))


@pytest.mark.parametrize(
    ("metric", "cut", "value", "zh", "en"),
    [
        ("tech_loan_balance", "district", "3", "南山区", "Nanshan"),
        ("tech_loan_balance", "district", "out_of_city", "市外", "Outside the city"),
        ("tech_loan_balance", "bank", "7", "甲银行", "Bank A"),
        ("tech_loan_balance", "bank", "8", "", ""),
        ("cluster_loan_balance", "cluster", "1", "网络与通信", "Network and communications"),
        ("stage_coverage", "stage", "growth", "成长期", "Growth"),
        ("linked_credit_ratio", "stage", "growth", "C轮及以后", "Series C and later"),
        ("insurance_stage_coverage", "stage", "rd", "科技研发", "R&D"),
        ("grade_migration", "grade_pair", "FQ01_FQ03", "正常 → 次级", "Pass → Substandard"),
        ("relay_interval", "stage_pair", "loan-pe", "贷款 → 私募股权", "Loan → Private equity"),
        ("assessment_score", "bank*method", "7*risk_half", "甲银行 × 风险占一半", "Bank A × Risk half"),
        ("assessment_score", "bank*method", "8*risk_half", "8 × 风险占一半", "8 × Risk half"),
        ("access_rate", "size", "unknown", "未知", "Unknown"),
        ("share_transfer_volume", "venue", "exchange", "区域性股权市场", "Equity exchange"),
        ("sti_bond_issuance", "venue", "exchange", "交易所债券市场", "Exchange market"),
        ("alert_precision_recall", "rule", "LITIGATION", "涉诉", "Litigation"),
        ("fund_dpi", "vintage", "2020", "", ""),
        ("my_own", "shade", "red", "", ""),
        ("my_own", "shade*bank", "red", "red", "red"),
    ],
)
def test_a_group_has_its_name(metric: str, cut: str, value: str, zh: str, en: str) -> None:
    assert group_name(metric, cut, value, "zh", HELD) == zh
    assert group_name(metric, cut, value, "en", HELD) == en


def test_every_value_of_the_acceptance_set_has_its_name(acceptance: duckdb.DuckDBPyConnection) -> None:
    table = evaluate(acceptance, scale=1.0)
    held = held_names(acceptance, table["cut"].unique().to_pylist())
    groups = set(zip(*(table[name].to_pylist() for name in ("metric", "cut", "cut_value")), strict=True))
    groups = {group for group in groups if group[1] not in NUMBERS | {"total"}}
    bare = {group for group in groups if not group_name(*group, "zh", held)}
    assert len(groups) > 200 and not bare


def test_words_keep_the_value_that_a_filter_takes() -> None:
    assert group_words("tech_loan_balance", "district", "3", "en", {}) == "district = Nanshan (3)"
    assert group_words("tech_loan_balance", "district", "3", "zh", {}) == "行政区 = 南山区（3）"
    assert group_words("fund_dpi", "vintage", "2020", "zh", {}) == "年份 = 2020"
    assert group_words("my_own", "shade", "red", "zh", {}) == "shade = red"
    assert cut_label("linked_credit_ratio", "stage", "zh") == "融资轮次"


def test_banks_are_named_by_the_table_that_is_there() -> None:
    with duckdb.connect() as connection:
        assert held_names(connection, ["bank"]) == {"bank": {}}
        connection.execute("CREATE TABLE institution (institution_id BIGINT, name_zh VARCHAR, name_en VARCHAR)")
        connection.execute("INSERT INTO institution VALUES (1, '甲银行', NULL), (2, NULL, NULL), (3, '乙', 'B')")
        found = held_names(connection, ["bank*method", "fund", "district"])
    assert found == {"bank": {"1": ("甲银行", "甲银行"), "3": ("乙", "B")}, "fund": {}}


def test_a_table_that_cannot_be_read_has_no_names(tmp_path: Path) -> None:
    path = tmp_path / "institution.parquet"
    names = {"institution_id": range(5000), "name_zh": [f"{n:x}" for n in range(5000)], "name_en": ["x"] * 5000}
    pq.write_table(pa.table(names), path)
    held = bytearray(path.read_bytes())
    held[4 : len(held) // 2] = bytes(len(held) // 2 - 4)  # pages are damaged, the footer is not
    path.write_bytes(held)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW institution AS FROM read_parquet('{path}')")
        assert held_names(connection, ["bank"]) == {"bank": {}}
