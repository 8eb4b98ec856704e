"""Districts and clusters are given as people write them: names, short names, area codes, codes of clusters."""

import pyarrow.parquet as pq
import pytest

from sfbench.content import tables
from sfbench.intake import import_files


@pytest.fixture
def take(tmp_path):
    """Imports a CSV file with these cells in one column and something that fits in the others."""

    def run(table, column, cells):
        spec = tables()[table].spec
        filled = {"key": "1", "count": "1", "date": "2025-01-01", "flag": "1", "text": "x", "number": "1"}
        names = [one.name for one in spec.columns if not one.nullable or one.name == column]
        lines = [",".join(names)]
        for row, cell in enumerate(cells):
            values = {one.name: filled.get(one.kind, "1") for one in spec.columns}
            values |= {one.name: one.values[0].code for one in spec.columns if one.values}
            values |= {name: str(row + 1) for name in spec.key} | {column: cell}
            lines.append(",".join(values[name] for name in names))
        (tmp_path / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = import_files([tmp_path / f"{table}.csv"], tmp_path / "own", keep_sound=True, force=True)
        held = pq.read_table(tmp_path / "own" / f"{table}.parquet")[column].to_pylist()
        return held, [(one.row, one.kind, one.value) for one in done.problems if one.column == column]

    return run


def test_a_district_is_known_by_its_names_and_its_area_code(take):
    words = ["南山区", "深圳市南山区", "南山", "NANSHAN", "440305", "3", "440307", "大鹏", "大鹏新区", "深汕", "Dapeng"]
    held, problems = take("fund_manager", "district_id", [*words, "浦东新区"])
    assert problems == [(len(words) + 2, "whole", "浦东新区")]
    assert held == [3] * 6 + [5, 10, 10, 11, 10]


def test_a_cluster_is_known_by_its_code_and_by_a_name_that_one_list_has(take, tmp_path):
    held, problems = take("institute", "cluster_id", ["2022.fashion", "网络与通信", "8"])
    assert held == [8, 8] and problems == [(3, "whole", "网络与通信")]  # on both lists, under two numbers
