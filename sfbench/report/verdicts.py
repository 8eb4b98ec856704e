"""What was found on the quality of the data and on the safety of a copy, from the files of other verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfbench.report.parts import Cell, Table, same

SEVERITY = {"critical": ("严重", "Critical"), "warning": ("警告", "Warning"), "info": ("提示", "Info")}
_OUTCOMES = (
    ("passed", ("通过", "Passed")),
    ("violated", ("违反", "Violated")),
    ("not_evaluated", ("无法判定", "Not evaluated")),
)
QUALITY = {
    "passed": ("全部通过", "All expectations hold"),
    "violated": ("有不符合之处", "Some expectations are violated"),
    "not_evaluated": ("有无法判定之处", "Some expectations could not be evaluated"),
}
_SECTIONS = {"privacy": ("隐私", "Privacy"), "fidelity": ("保真", "Fidelity"), "utility": ("效用", "Utility")}
COPY = {"within": ("符合", "within"), "beyond": ("超出", "beyond"), "not judged": ("未判定", "not judged")}


def counted(checks: Mapping[str, Any]) -> Table:
    """Expectations by severity and outcome."""
    rows = [
        [Cell(SEVERITY[severity]), *(Cell(same(f"{row[name]:,}"), row[name]) for name, _ in _OUTCOMES)]
        for severity, row in checks["counts"].items()
    ]
    caption = ("数据质量：各级规则的结果", "Quality: outcomes by severity")
    return Table("quality", caption, [("级别", "Severity"), *(words for _, words in _OUTCOMES)], rows)


def violated(checks: Mapping[str, Any]) -> Table | None:
    """The expectations that do not hold; None if all do."""
    rows = [
        [
            Cell(same(found["table"])),
            Cell(SEVERITY[found["severity"]]),
            Cell((found["zh"], found["en"])),
            Cell(same("" if found["unexpected"] is None else f"{found['unexpected']:,}"), found["unexpected"]),
        ]
        for found in checks["findings"]
        if found["outcome"] != "passed"
    ]
    headings = [("表", "Table"), ("级别", "Severity"), ("规则", "Expectation"), ("行数", "Rows")]
    return Table("violations", ("未通过的规则", "Expectations that do not hold"), headings, rows) if rows else None


def attacks(copy: Mapping[str, Any]) -> Table:
    """Privacy, fidelity and utility of a synthetic copy."""
    rows = [
        [
            Cell(_SECTIONS[figure["section"]]),
            Cell((figure["zh"], figure["en"])),
            Cell(same(_number(figure["value"])), figure["value"]),
            Cell(COPY[figure["verdict"]]),
        ]
        for figure in copy["figures"]
    ]
    headings = [("部分", "Section"), ("项目", "Figure"), ("数值", "Value"), ("判定", "Verdict")]
    return Table("copy", ("合成副本：隐私、保真与效用", "Synthetic copy: privacy, fidelity, utility"), headings, rows)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
