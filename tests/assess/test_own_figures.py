"""A user's own figures as people write them, and the names and ends of periods."""

from __future__ import annotations

from datetime import date

import pytest

from sfbench.assess.calendar import ended, last_month, name, number_of
from sfbench.assess.own_figures import read_own
from sfbench.errors import SfbenchError

HEAD = "institution_id,period,figure,value\n"


def read(path, text: str, encoding: str = "utf-8"):
    path.write_bytes(text.encode(encoding))
    return read_own(path, ["5", "7"], ["plan", "system"], "quarter")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_remarks_blank_lines_spaces_and_a_mark_of_byte_order_are_no_figures(tmp_path, encoding):
    text = f"# ours\n\n{HEAD}5, 2025Q4 ,system, 8.5\n  \n# later\n7,2025Q3,plan,-1e2\n5,2025Q4,plan,0\n"
    expected = {("5", "2025Q4", "system"): 8.5, ("7", "2025Q3", "plan"): -100, ("5", "2025Q4", "plan"): 0}
    assert read(tmp_path / "own.csv", text, encoding) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# remarks alone\n",
        "institution_id,figure,period,value\n",
        "5,2025Q4,system,8\n",
        f"{HEAD}5,2025Q4,system,inf\n",
        f"{HEAD}5,2025Q4,system,nan\n",
        f"{HEAD}5,2025Q4,system,\n",
        f"{HEAD}5,2025Q4,system,8,5\n",
        f"{HEAD}5,2025Q4,system\n",
        f"{HEAD}6,2025Q4,system,8\n",
        f"{HEAD}5,2025-12,system,8\n",
        f"{HEAD}5,2025Q4,score,8\n",
        f"{HEAD}5,2025Q4,system,8\n5,2025Q4,system,8\n",
    ],
)
def test_what_is_no_table_of_figures_is_refused(tmp_path, text):
    with pytest.raises(SfbenchError):
        read(tmp_path / "own.csv", text)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(SfbenchError, match="cannot be read"):
        read_own(tmp_path / "none.csv", ["5"], ["plan"], "year")
    with pytest.raises(SfbenchError, match="cannot be read"):
        read(tmp_path / "own.csv", f"{HEAD}5,2025Q4,定性,8\n", "gb18030")


@pytest.mark.parametrize(
    ("kind", "text", "end", "over_at"),
    [
        ("month", "2024-02", "2024-02-29", "2024-02-29"),
        ("month", "2025-12", "2025-12-31", "2025-12-31"),
        ("quarter", "2025Q3", "2025-09-30", "2025-11-30"),
        ("quarter", "2025Q4", "2025-12-31", "2026-02-28"),
        ("year", "2024", "2024-12-31", "2025-11-30"),
        ("year", "2025", "2025-12-31", "2025-12-31"),
    ],
)
def test_a_period_ends_with_its_last_month_and_is_over_until_the_next_one_ends(kind, text, end, over_at):
    number = number_of(kind, text)
    assert name(kind, number) == text
    assert last_month(kind, number) == date.fromisoformat(end)
    assert ended(kind, date.fromisoformat(over_at)) == number
    assert ended(kind, last_month(kind, number + 1)) == number + 1


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("month", "2025-00"),
        ("month", "2025-13"),
        ("quarter", "2025Q0"),
        ("year", "25"),
        ("year", "2025Q4"),
        ("year", ""),
    ],
)
def test_a_name_of_no_period_is_refused(kind, text):
    with pytest.raises(SfbenchError):
        number_of(kind, text)
