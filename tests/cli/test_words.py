"""Reasons in Chinese: every one that a metric file writes has its words."""

import re

from sfbench.metrics import catalogue
from sfbench.words import reason, unit


def test_every_reason_of_the_metric_files_has_chinese_words():
    known = catalogue().metrics.values()
    written = {
        text
        for metric in known
        for tail in re.findall(r"(?s)((?:CASE|THEN)[^;]*?) AS reason", metric.sql)
        for text in re.findall(r"THEN '([^']+)'", tail.rpartition("CASE")[2])
    }
    assert {"zero base", "small base"} <= written
    assert {text for text in written if not re.search("[\u4e00-\u9fff]", reason("zh", text))} == set()


def test_every_unit_of_a_component_has_chinese_words():
    units = {component.unit for metric in catalogue().metrics.values() for component in metric.components}
    assert {name for name in units if not re.search("[\u4e00-\u9fff]", unit("zh", name))} == {"%"}


def test_the_names_of_tables_stay_in_a_reason():
    assert reason("zh", "needs loan.grant_rate (missing)") == "缺少 loan.grant_rate (missing)"
    assert reason("zh", "cannot be computed from these tables: x") == "无法用这些表计算：x"
    assert reason("en", "small base") == "small base" and reason("zh", None) == ""
