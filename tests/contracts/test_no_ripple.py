"""Edits do not ripple: a new column, table or scenario leaves every other fingerprint as it was."""

import shutil

import pytest

import sfbench
from sfbench.content import files
from tests.world.shared import ROOT, SEED

COLUMN = """
import dataclasses

TABLE = dataclasses.replace(TABLE, columns=(Column("added", "count", "新列", "Added"), *TABLE.columns))
_rows = rows


def rows(block, needs, params, draw):
    made = _rows(block, needs, params, draw)
    return {"added": draw.below("added", made["enterprise_id"], 1000), **made}
"""
TABLE = '''"""A table that an author adds: a score of each firm."""

from sfbench.kit import Column, Table

TABLE = Table(
    zh="评分",
    en="Scores",
    key=("enterprise_id",),
    needs=("enterprise",),
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("score", "count", "评分", "Score", low=0, high=99),
    ),
)


def rows(block, needs, params, draw):
    """One row a firm."""
    firm = needs["enterprise"]["enterprise_id"]
    return {"enterprise_id": firm, "score": draw.below("score", firm, 100)}
'''


def hashes(out, extra=(), scenario="baseline"):
    """(table, column) -> logical hash, and the number of rows."""
    made = sfbench.generate(scenario, scale="tiny", seed=SEED, out=out, content_dirs=extra).manifest
    return {
        (table, column): digest
        for table, entry in made.tables.items()
        for column, digest in {**entry.columns, "": str(entry.rows)}.items()
    }


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    return hashes(tmp_path_factory.mktemp("before") / "out")


@pytest.mark.parametrize("table", ["enterprise", "enterprise_tag"])
def test_a_new_column_changes_no_other_column(table, before, tmp_path, monkeypatch):
    generators = shutil.copytree(ROOT / "generators", tmp_path / "generators")
    path = generators / f"{table}.py"
    path.write_text(path.read_text(encoding="utf-8") + COLUMN, encoding="utf-8")
    monkeypatch.setitem(files._KINDS, "generators", (generators, "generators", (".py",)))
    (tmp_path / "mine").mkdir()  # another content folder is another entry of the cache of tables
    after = hashes(tmp_path / "out", (tmp_path / "mine",))
    assert set(after) - set(before) == {(table, "added")}
    assert {at: after[at] for at in before} == before


def test_a_new_table_changes_no_other_table(before, tmp_path):
    path = tmp_path / "mine" / "generators" / "a_score.py"  # sorts before all others
    path.parent.mkdir(parents=True)
    path.write_text(TABLE, encoding="utf-8")
    after = hashes(tmp_path / "out", (tmp_path / "mine",))
    assert {table for table, _ in set(after) - set(before)} == {"a_score"}
    assert {at: after[at] for at in before} == before


def test_a_new_scenario_changes_nothing_and_is_the_baseline_if_it_changes_no_parameter(before, tmp_path):
    path = tmp_path / "mine" / "scenarios" / "calm.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("extends: baseline\ntitle_zh: 甲\ntitle_en: Calm\ncaption: Nothing differs.\n", encoding="utf-8")
    assert hashes(tmp_path / "baseline", (tmp_path / "mine",)) == before
    assert hashes(tmp_path / "calm", (tmp_path / "mine",), "calm") == before


def test_a_parameter_of_the_tags_does_not_move_what_lies_before_them(before, tmp_path):
    """Districts, founding, names: nothing of a firm's birth hangs on how tags are renewed."""
    path = tmp_path / "loyal.yaml"
    words = "title_zh: 甲\ntitle_en: Loyal\ncaption: All renew.\nparams:\n  tag.hnte_renew: 1\n"
    path.write_text("extends: baseline\n" + words, encoding="utf-8")
    after = hashes(tmp_path / "out", scenario=str(path))
    moved = {at for at in before if before[at] != after[at]}
    assert ("enterprise_tag", "valid_from") in moved
    assert {column for table, column in moved if table == "enterprise"} <= {"first_credit_on"}
    assert not {table for table, _ in moved} & {"month", "district", "industry", "institution", "product"}
