"""What a finding says beyond its claim: outcome, count, keys, reason; in Chinese and English."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from sfbench.quality.expectation import Severity
from sfbench.quality.report import Finding, Outcome

Both = tuple[str, str]  # Chinese, English

OUTCOMES: dict[Outcome, Both] = {
    "violated": ("违反", "violated"),
    "not_evaluated": ("未能检查", "could not be evaluated"),
    "passed": ("通过", "passed"),
}
SEVERITIES: dict[Severity, Both] = {
    "critical": ("严重", "critical"),
    "warning": ("警告", "warning"),
    "info": ("提示", "info"),
}

# What is found or lacks, in Chinese; what else DuckDB and Great Expectations say stays as they say it.
_REASONS = (
    (r"the table '(\w+)' is missing", r"缺少数据表\1"),
    (r"the table '(\w+)' has no rows", r"数据表\1没有记录"),
    (r"the table '(\w+)' has no rows, and on (\S+) a city may have none", r"数据表\1没有记录，\2时城市可以没有"),
    (r"observed (.*)", r"实际为\1"),
    (r"Great Expectations returned no result", "Great Expectations没有给出结果"),
    (r"(?:\(\S+\) |\w+: )?Catalog Error: Table with name (\w+) does not exist!.*", r"缺少数据表\1"),
)


def why(reason: str) -> Both:
    """Why an expectation has no verdict, or what was found instead."""
    for pattern, zh in _REASONS:
        if found := re.fullmatch(pattern, reason, re.DOTALL):
            return found.expand(zh), reason
    return reason, reason


def summary(finding: Finding) -> Both:
    """Outcome in a phrase, with the number of violating rows or the reason."""
    zh, en = OUTCOMES[finding.outcome]
    if finding.outcome == "passed":
        return zh, en
    if finding.outcome == "not_evaluated" or not finding.sample:
        why_zh, why_en = why(finding.reason)
        return f"{zh}：{why_zh}", f"{en}: {why_en}"
    count = f"{finding.unexpected or 0:,}"
    return f"{zh}：{count}行", f"{en}: {count} rows"


def keys(finding: Finding, most: int) -> list[str]:
    """The first failing rows, key columns first, as `loan_id=7, month=2025-01-31 (gap=0.01)`."""
    return [_row(row, finding.key) for row in finding.sample[:most]]


def _row(row: Mapping[str, Any], key: tuple[str, ...]) -> str:
    own = ", ".join(f"{name}={_cell(row[name])}" for name in key if name in row)
    rest = ", ".join(f"{name}={_cell(value)}" for name, value in row.items() if name not in key)
    return f"{own} ({rest})" if own and rest else own or rest


def _cell(value: object) -> str:
    if value is None:
        return "null"
    return value.isoformat()[:10] if isinstance(value, dt.date) else str(value)
