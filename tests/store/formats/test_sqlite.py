"""SQLite holds doubles: each is the one next to its amount, and what a double cannot keep is told."""

import sqlite3
from contextlib import closing
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.spec import Column, Table
from sfbench.store.export import export

COLUMNS = (Column("paid_id", "key", "编号", "Id"), Column("amount", "money", "金额", "Amount", unit="CNY"))
PAID = Table(zh="付", en="Paid", stage="prelude", key=("paid_id",), columns=COLUMNS, fixed_rows=1, name="paid")
LIMIT = Decimal(2**46)  # doubles from here on lie 1/64 apart, more than a cent


@pytest.fixture
def exported(tmp_path):
    """Writes a table with these amounts into a SQLite file."""

    def made(amounts):
        (tmp_path / "own").mkdir()
        columns = {"paid_id": range(len(amounts)), "amount": pa.array(amounts, pa.decimal128(18, 2))}
        pq.write_table(pa.table(columns), tmp_path / "own" / "paid.parquet")
        export(tmp_path / "own", "sqlite", tmp_path / "paid.sqlite", declared={"paid": PAID})
        return tmp_path / "paid.sqlite"

    return made


def test_an_amount_is_found_by_its_digits(exported):
    amounts = [Decimal(cents).scaleb(-2) for cents in (*range(-300, 300), *range(45_199_000, 45_200_000, 7))]
    amounts += [LIMIT - Decimal("0.01"), LIMIT - Decimal("0.02"), Decimal("-70000000000000.07")]
    with closing(sqlite3.connect(exported(amounts))) as con:
        lost = [a for a in amounts if con.execute(f"SELECT count(*) FROM paid WHERE amount = {a}").fetchone() != (1,)]
        kept = [row[0] for row in con.execute("SELECT amount FROM paid ORDER BY paid_id")]
    assert lost == [] and kept == [float(str(amount)) for amount in amounts]
    assert [round(Decimal(amount), 2) for amount in kept] == amounts, "to the cent"


def test_an_amount_that_would_lose_a_cent_is_refused(exported, tmp_path):
    lost = LIMIT + Decimal("0.01")
    assert round(Decimal(float(lost)), 2) != lost
    with pytest.raises(SfbenchError, match="too large"):
        exported([Decimal(1), lost])
    assert not (tmp_path / "paid.sqlite").exists()
