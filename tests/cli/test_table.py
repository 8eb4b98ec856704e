"""Tables on a terminal of 80 columns: no number is cut, no column is blank, long texts wrap."""

import pytest

from sfbench.cli.say import print_table
from sfbench.cli.table import width

CODES = ",".join(str(number) for number in range(440301, 440312))  # a published value that is a list of codes


@pytest.fixture
def printed(monkeypatch, capsys):
    """`printed(columns, ...)`: the lines of a table on a terminal of so many columns."""

    def run(columns, *args, **words):
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr("sfbench.cli.say._on_terminal", lambda: True)
        print_table(*args, **words)
        return capsys.readouterr().out.splitlines()

    return run


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_a_long_text_among_numbers_wraps_and_leaves_room_for_the_first_column(printed, columns):
    heads = ["figure, source, confidence", "published", "simulated", "deviation", "from notes"]
    rows = [
        ["Assigned codes of the Shenzhen districts (% of rows, 2018+)", CODES, "100.0", "+0.0 pp", "-"],
        ["All loans, RMB and foreign currency", "83,422", "107,141", "+28.4 %", "64 %"],
    ]
    lines = printed(columns, heads, rows, right=(1, 2, 3, 4))
    assert max(map(width, lines)) <= columns
    (loans,) = [line for line in lines if "107,141" in line]
    assert loans.split()[-6:] == ["83,422", "107,141", "+28.4", "%", "64", "%"]
    assert loans.strip().startswith("All loans")
    assert "440301,440302" in " ".join(lines)


@pytest.mark.parametrize("columns", [40, 80])
def test_numbers_that_do_not_fit_are_whole_all_the_same(printed, columns):
    numbers = [f"{10**9 + place:,}" for place in range(9)]
    lines = printed(
        columns, ["name", *(f"column {place}" for place in range(9))], [["x", *numbers]], right=range(1, 10)
    )
    assert any(all(number in line for number in numbers) for line in lines)


def test_a_heading_does_not_widen_its_numbers(printed):
    lines = printed(80, ["what", "a very long heading of a number"], [["words " * 12, "1.00"]], right=(1,))
    assert next(line for line in lines if "1.00" in line).count("words") > 8


def test_calibration_can_be_read_on_a_terminal(tiny, run, monkeypatch):
    monkeypatch.setattr("sfbench.cli.say._on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("calibration", tiny).stdout.splitlines()
    assert any("83,422" in line and "All loans" in line for line in lines)
