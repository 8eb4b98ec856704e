"""A generator that fails says which table, block and line; nothing that it leaves looks like a dataset."""

import re

import pytest

import sfbench
from sfbench.errors import SfbenchError
from sfbench.world import plan as planning
from sfbench.world.plan import plan

HEAD = '''"""A table that fails."""

import numpy as np

from sfbench.kit import Column, Table, nullable

TABLE = Table(
    zh="坏表",
    en="A bad table",
    key=("firm",),
    columns=(Column("firm", "key", "企业", "Firm"), Column("amount", "money", "金额", "Amount", low=0)),
)


def rows(block, needs, params, draw):
    firm = block.firms
'''
SETTLE = '''"""A settled table that fails."""

from sfbench.kit import Column, Table

TABLE = Table(
    zh="坏表", en="A bad table", stage="settle", key=("firm",), columns=(Column("firm", "key", "企业", "Firm"),)
)


def partial(block, needs, params, draw):
    return {PARTIAL}


def merge(a, b):
    return {MERGE}


def finish(state, needs, params, draw):
    return {FINISH}
'''


@pytest.fixture
def fails(tmp_path):
    """Generate a table with this text as content; the error, after a look at what is left."""

    def run(text, scale="tiny", jobs=1):
        path = tmp_path / "mine" / "generators" / "bad.py"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        out = tmp_path / "out"
        with pytest.raises(SfbenchError) as caught:
            sfbench.generate(scale=scale, tables=["bad", "month"], content_dirs=[tmp_path / "mine"], out=out, jobs=jobs)
        assert not (out / "manifest.json").exists() and not (out / "data").exists()
        for read in (sfbench.open, sfbench.verify):
            with pytest.raises(SfbenchError, match="no dataset here"):
                read(out)
        return str(caught.value)

    return run


def test_an_error_names_table_block_file_and_line(fails):
    text = HEAD + '    return {"firm": firm, "amount": firm // 0 if False else [1][7]}\n'
    line = text.count("\n")
    error = fails(text)
    assert "the generator of 'bad' failed, block 0 (firms 1 to 1429)" in error
    assert re.search(rf"bad\.py:{line}: ", error)
    assert "IndexError: list index out of range" in error
    assert "do:  correct the generator" in error


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_a_later_part_leaves_no_dataset_either(fails, jobs):
    firms = planning.BLOCK_FIRMS * planning.FILE_BLOCKS
    text = HEAD + f"    assert block.first <= {firms}, 'too many'\n" + '    return {"firm": firm, "amount": firm}\n'
    error = fails(text, scale=(firms + 90) / plan("baseline", scale=1).firms, jobs=jobs)
    assert f"block {planning.FILE_BLOCKS} (firms {firms + 1} to {firms + 90})" in error
    assert "AssertionError: too many" in error


def test_a_process_that_dies_is_an_error_and_no_traceback(fails):
    firms = planning.BLOCK_FIRMS * planning.FILE_BLOCKS
    text = (
        HEAD + f"    if block.first > {firms}: import os; os._exit(1)\n" + '    return {"firm": firm, "amount": firm}\n'
    )
    error = fails(text, scale=(firms + 90) / plan("baseline", scale=1).firms, jobs=2)
    assert "one of 2 processes died" in error and "fewer jobs" in error


@pytest.mark.parametrize(
    ("last_line", "says"),
    [
        ('return {"firm": firm}', ["bad.amount: the column was not made"]),
        ('return {"firm": firm, "amount": firm, "more": firm}', ["bad.more: the column is not declared"]),
        ('return {"firm": firm, "amount": firm[1:]}', ["bad.amount: ", "1428 cells", "1429"]),
        ('return {"firm": firm, "amount": nullable(firm, firm > 5)}', ["bad.amount: 5 nulls", "not nullable"]),
        ('return {"firm": firm, "amount": firm + 10**18}', ["bad.amount: ", "does not fit DECIMAL(18,2)"]),
        ('return {"firm": firm, "amount": ["a"] * len(firm)}', ["bad.amount: "]),
        ('return {"firm": firm, "amount": np.ones((len(firm), 2), np.int64)}', ["bad.amount: "]),
        ("return None", ["'bad'", "a dict of columns"]),
    ],
    ids=["missing", "undeclared", "short", "null", "too large", "text for money", "a matrix", "nothing"],
)
def test_columns_that_do_not_fit_are_named(fails, last_line, says):
    error = fails(HEAD + f"    {last_line}\n")
    assert all(text in error for text in says), error
    assert "  do:  " in error or "was not made" in error


def test_a_column_that_cannot_be_stored_names_the_block_that_made_it(fails):
    first = planning.BLOCK_FIRMS
    text = HEAD + f'    return {{"firm": firm, "amount": firm[int(block.first > {first}):]}}\n'
    error = fails(text, scale=(first + 90) / plan("baseline", scale=1).firms)
    assert "bad.amount: 89 cells in a batch of 90 rows" in error
    assert f"why: made in block 1, firms {first + 1} to {first + 90}" in error
    assert "do:  give each column as many cells" in error


def test_a_function_with_another_signature_is_named(fails):
    error = fails(HEAD.replace("rows(block, needs, params, draw)", "rows(block)") + '    return {"firm": firm}\n')
    assert "the generator of 'bad' failed" in error
    assert re.search(r"bad\.py:\d+: ", error) and "TypeError" in error


@pytest.mark.parametrize("stage", ["PARTIAL", "MERGE", "FINISH"])
def test_a_settled_table_names_its_line_in_every_stage(fails, stage):
    """Two blocks, so that there is something to merge."""
    text = SETTLE
    for name, good in (("PARTIAL", "{}"), ("MERGE", "a"), ("FINISH", '{"firm": []}')):
        text = text.replace("{" + name + "}", "1 / 0" if name == stage else good)
    line = text[: text.index("1 / 0")].count("\n") + 1
    error = fails(text, scale=(planning.BLOCK_FIRMS + 90) / plan("baseline", scale=1).firms)
    assert re.search(rf"bad\.py:{line}: the generator of 'bad' failed", error)
    assert "ZeroDivisionError" in error


def test_a_failed_run_with_force_leaves_the_old_dataset_whole(tmp_path):
    out = tmp_path / "out"
    old = sfbench.generate(scale="tiny", tables=["month"], out=out).manifest
    path = tmp_path / "mine" / "generators" / "bad.py"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + "    raise RuntimeError('boom')\n", encoding="utf-8")
    with pytest.raises(SfbenchError, match="boom"):
        sfbench.generate(scale="tiny", tables=["bad"], content_dirs=[tmp_path / "mine"], out=out, force=True)
    assert sfbench.verify(out) == []
    assert sfbench.api.Dataset({}, out).manifest.fingerprint == old.fingerprint
