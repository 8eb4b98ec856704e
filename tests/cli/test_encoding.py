"""A file of one's own that an editor saved in another way is read, or refused by name."""

import pytest

from sfbench.errors import SfbenchError
from sfbench.folders import read_text

METRIC = """-- id: my_count
-- measure: 0
-- zh: 借据数
-- en: Number of notes
-- period: month
-- component: notes | count | additive | 借据数 | Notes
-- cuts: total
-- direction: none
-- source: mine
-- source_zh: 自定
-- needs: loan_balance(month, loan_id)

SELECT month AS period, 'total' AS cut, 'total' AS cut_value, 'notes' AS component, COUNT(*) AS value
FROM loan_balance
GROUP BY month
"""
METHOD = "-- zh: 合计\n-- en: Sum\n-- task: indicator\n-- source: mine\nSELECT SUM(amount_rmb) AS value FROM loan\n"
QUERY = "-- zh: 借据\n-- en: Notes\n-- task: x\nFROM loan"


def written(folder, place, text, encoding):
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)
    return path


def test_the_mark_of_an_editor_is_no_part_of_a_file(tmp_path, tiny, run):
    """Notepad saves UTF-8 with a mark, and the first line of a metric was then none of its header."""
    written(tmp_path, "metrics/my_count.sql", METRIC, "utf-8-sig")
    found = run("evaluate", tiny, "--metric", "my_count", "--content", tmp_path)
    assert found.exit_code == 0 and "Number of notes" in found.stdout, found.output


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [
        ("metrics/my_count.sql", METRIC, ["evaluate", "CITY", "--metric", "my_count"]),
        ("bench_methods/mine.sql", METHOD, ["bench", "run", "s17_three_registers", "--method", "mine", "--out", "B"]),
        ("factors/mine.sql", QUERY, ["factors", "CITY", "--out", "B"]),
    ],
)
def test_a_file_in_the_encoding_of_chinese_windows_is_refused_by_name(place, text, words, tmp_path, tiny, refused):
    file = written(tmp_path / "mine", place, text, "gbk")
    places = {"CITY": tiny, "B": tmp_path / "out"}
    refused(
        *(places.get(word, word) for word in words),
        *("--content", tmp_path / "mine"),
        says=[str(file), "the file cannot be read", "save it as UTF-8"],
    )


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SfbenchError, match="the file cannot be read") as told:
        read_text(tmp_path / "none.sql", "--file none.sql")
    assert (told.value.where, told.value.fix) == ("--file none.sql", "check the path")
