"""A small table with every kind of column, datasets made of it, and damage to do to them."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from sfbench.draws.text import vocabulary_array
from sfbench.kit import nullable
from sfbench.spec import Column, Table, codes
from sfbench.store.arrow import batch
from sfbench.store.manifest import Manifest, TableEntry, fingerprint
from sfbench.store.staging import Staging
from sfbench.store.truth import Truth
from sfbench.store.write import TableWriter

GRADES = codes("FQ01 正常 Normal", "FQ02 关注 Special-mention", "FQ03 次级 Substandard")


@pytest.fixture(scope="session")
def notes():
    """A declaration with one column of each kind; known_on, and a cell that becomes known later."""
    return Table(
        name="note",
        zh="借据",
        en="Notes",
        key=("note_id",),
        event_on="granted_on",
        known_on="granted_on",
        columns=(
            Column("note_id", "key", "编号", "Note"),
            Column("days", "count", "天数", "Days", unit="day"),
            Column("grade", "code", "五级分类", "Grade", standard="DKZL", values=GRADES, nullable=True),
            Column("name", "text", "名称", "Name", nullable=True),
            Column("balance", "money", "余额", "Balance", unit="CNY", nullable=True),
            Column("rate", "rate", "利率", "Rate", unit="%"),
            Column("granted_on", "date", "发放日", "Granted on"),
            Column("closed_on", "date", "结清日", "Closed on", nullable=True, known_on="closed_on"),
            Column("green", "flag", "绿色", "Green"),
            Column("score", "number", "评分", "Score", nullable=True),
        ),
    )


def columns(first=1, rows=5):
    """Raw columns of `rows` notes numbered from `first`; every value follows from its number."""
    number = np.arange(first, first + rows, dtype=np.int64)
    odd = number % 2 == 1
    granted = (19000 + number).astype(np.int32)
    return {
        "note_id": number,
        "days": number * 3,
        "grade": nullable(number % 3, odd),
        "name": vocabulary_array([f"深圳第{n}号" for n in number]),
        "balance": nullable(number * 1_000_001, odd),
        "rate": number * 31_415,
        "granted_on": granted,
        "closed_on": nullable(granted + np.int32(10), odd),
        "green": odd,
        "score": nullable(number / 7, odd),
    }


@pytest.fixture
def raw():
    return columns


@pytest.fixture
def build(notes):
    """Build a dataset of two files of two row groups each at `out`; `shift` gives other values."""

    def make(out, *, shift=0, force=False, parts=(0, 1)):
        with Staging(out, f"plan-{shift}", force) as staging:
            for part in parts:
                if staging.done(part) is None:
                    staging.record(part, {"note": written(staging.folder, notes, part, shift)})
            staging.commit(made := manifest_of(staging, parts, shift), truth(made))
        return out

    return make


def written(folder, table, part, shift=0):
    with TableWriter(folder, table, part) as writer:
        for group in range(2):
            writer.write(batch(table, columns(shift + 1 + 10 * part + 5 * group)))
        return writer.close()


def truth(made):
    """The private manifest of such a dataset."""
    sums = {name: fingerprint({name: entry}) for name, entry in made.tables.items()}
    return Truth({"seed": made.seed, "observable_sha256": sums})


def manifest_of(staging, parts, shift=0):
    files = [staging.done(part).entries["note"] for part in parts]
    return Manifest(
        version="0.1", scenario={"name": "基线"}, scale=0.002, seed=shift, tables={"note": TableEntry.of(files)}
    )


@pytest.fixture
def write_file(notes, tmp_path):
    """Write one batch with TableWriter and read the file back with pyarrow."""

    def write(made):
        with TableWriter(tmp_path, notes, 0) as writer:
            writer.write(made)
            return pq.read_table(tmp_path / writer.close().path)

    return write


@pytest.fixture
def write_part():
    return written


@pytest.fixture
def describe():
    return manifest_of
