"""Which months of a table differ between two looks of a cache: never a later one than a reader would see differ.

Every case is one row, a table of its own, and a pair of days; what is seen on a day is told here by its definition: a
row from the day on which it was told of until it leaves the register, a cell from its own date on, all as it is stored
where no day is asked for. A date may have an hour, or lack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench.metrics.cache.look import FileId, Look
from sfbench.metrics.cache.touched import ALWAYS, touched
from sfbench.spec import Column, Table

Row = Mapping[str, Any]
NEVER = date(9999, 12, 31)
CELLS = ("amount", "decided_on", "paid")
TIMES = pa.schema(
    {
        "happened_on": pa.timestamp("us"),
        "told_on": pa.timestamp("us"),
        "left_on": pa.timestamp("us"),
        "decided_on": pa.timestamp("us"),
        "amount": pa.int64(),
        "paid": pa.int64(),
    }
)


def table(name: str, event: str = "happened_on", known: str = "told_on", gone: str = "left_on") -> Table:
    dates = ("happened_on", "told_on", "left_on")
    columns = (
        *(Column(day, "date", "日", "Day", nullable=True) for day in dates),
        Column("decided_on", "date", "日", "Day", nullable=True, known_on="decided_on"),
        Column("amount", "count", "数", "Number", nullable=True),
        Column("paid", "count", "数", "Number", nullable=True, known_on="decided_on"),
    )
    return Table(
        name=name, zh="事", en="Deeds", key=("amount",), columns=columns, event_on=event, known_on=known, gone_on=gone
    )


def noon(day: str | None) -> datetime | None:
    return None if day is None else datetime.fromisoformat(f"{day}T12:00")


def deed(happened: str | None, told: str | None, left: str | None = None, decided: str | None = None) -> Row:
    dates = {"happened_on": happened, "told_on": told, "left_on": left, "decided_on": decided}
    return {name: noon(day) for name, day in dates.items()} | {"amount": 7, "paid": 5}


def write(folder: Path, name: str, file: str, rows: Iterable[Row]) -> FileId:
    path = folder / name / file
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist([*rows], schema=TIMES), path)
    return f"{name}/{file}", path.stat().st_size, "as written"


DEEDS = (
    deed("2024-01-10", "2024-01-31", decided="2024-03-31"),
    deed("2024-02-29", "2024-03-31", left="2024-04-30"),
    deed("2024-03-31", "2024-03-31", left="2024-04-01", decided="2024-04-30"),
    deed("2023-12-31", None),
    deed(None, "2024-04-01"),
    deed("2024-04-01", "2024-04-30", decided=None),
)
DAYS = (date(2024, 3, 31), date(2024, 1, 30), date(2024, 4, 1), None, date(2024, 4, 30))  # forwards and back


def reached(moment: datetime | None, day: date | None) -> bool:
    """Whether a date has come by the end of a day."""
    return day is None or (moment is not None and moment.date() <= day)


def seen(row: Row, spec: Table, day: date | None) -> Row:
    """What a reader sees of a row's cells on a day; of a row that is not there, none."""
    gone = bool(spec.gone_on) and day is not None and reached(row[spec.gone_on], day)
    if gone or (spec.known_on and not reached(row[spec.known_on], day)):
        return {}
    told = reached(row["decided_on"], day)
    return {"amount": row["amount"]} | {name: row[name] if told else None for name in ("decided_on", "paid")}


def month_of(moment: datetime | date | None) -> date:
    if moment is None:
        return ALWAYS
    after = date(moment.year + moment.month // 12, moment.month % 12 + 1, 1)
    return after - timedelta(1)


def differs(row: Row, spec: Table, cell: str, old: date | None, new: date | None) -> date:
    """The month from which a figure over this cell may differ between two days."""
    one, other = seen(row, spec, old), seen(row, spec, new)
    if one.get(cell) == other.get(cell) and bool(one) == bool(other):
        return NEVER
    own_date = cell == "decided_on" and one and other  # it stands in both, and its date is what came
    return month_of(row["decided_on"] if own_date else row[spec.event_on] if spec.event_on else None)


@pytest.mark.parametrize(
    "columns",
    [("happened_on", "told_on", "left_on"), ("happened_on", "told_on", ""), ("", "told_on", "left_on"),
     ("happened_on", "", "left_on"), ("told_on", "told_on", ""), ("told_on", "told_on", "left_on")],
)  # fmt: skip
def test_no_month_that_differs_between_two_days_is_passed_over(tmp_path: Path, columns: tuple[str, str, str]) -> None:
    specs = {f"deed_{number}": table(f"deed_{number}", *columns) for number in range(len(DEEDS))}
    files = {name: (write(tmp_path, name, "all.parquet", [row]),) for name, row in zip(specs, DEEDS, strict=True)}
    needs = dict.fromkeys(specs, CELLS)
    for old, new in combinations(DAYS, 2):
        found = touched(Look(files, old, None), Look(files, new, None), tmp_path, specs, needs)
        for (name, spec), row in zip(specs.items(), DEEDS, strict=True):
            for cell in CELLS:
                says, told = differs(row, spec, cell, old, new), found.get((name, cell), NEVER)
                assert told <= says, (old, new, dict(row), cell)
                # cells of a row that has left count as if it stood, and of a date that comes by itself, or a row that
                # is told of as it happens, the days alone say enough
                if spec.known_on != spec.event_on and (cell == "amount" or (cell == "paid" and not spec.gone_on)):
                    assert told == says, (old, new, dict(row), cell)


def test_a_file_that_came_touches_its_months_and_those_of_what_came_to_be_known(tmp_path: Path) -> None:
    """The names of files and folders are no patterns, and the order of columns is none of tables."""
    spec, needs, folder = table("deed"), {"deed": ["amount"]}, tmp_path / "happened_on=2020-01-31"
    folder.mkdir()
    old = write(folder, "deed", "old[1].parquet", [deed("2024-03-10", "2024-03-31"), deed("2024-01-10", "2024-04-30")])
    write(folder, "deed", "old1.parquet", [deed(None, "2024-04-30")])  # what the other's name would match
    new = write(folder, "deed", "new.parquet", [deed("2024-04-01", "2024-04-02"), deed("2024-02-10", "2024-04-02")])
    known = write(folder, "deed", "known.parquet", [deed("2023-12-01", "2024-01-01")])  # on both days
    turned = pq.read_table(folder / "deed" / "new.parquet").select([*reversed(TIMES.names)])
    pq.write_table(turned, folder / "deed" / "new.parquet")

    def between(before: tuple[FileId, ...], day: date, after: tuple[FileId, ...], then: date) -> date | None:
        looks = (Look({"deed": before}, day, None), Look({"deed": after}, then, None))
        return touched(*looks, folder, {"deed": spec}, needs).get(("deed", "amount"))

    march, april = date(2024, 3, 31), date(2024, 4, 30)
    assert between((old,), april, (old, new), april) == date(2024, 2, 29)
    assert between((old,), march, (old, new), april) == date(2024, 1, 31)
    assert between((old,), march, (old, known), april) == date(2023, 12, 31)
    assert between((old,), march, (old,), march) is None
    assert between((old, new), april, (new,), april) == ALWAYS
    assert between((old,), april, (new,), april) == ALWAYS
    assert between((old, new), april, (old, (new[0], new[1], "changed")), april) == ALWAYS


def test_what_came_to_be_known_touches_the_earliest_month_of_all_rows(tmp_path: Path) -> None:
    rows = [
        deed("2024-02-10", "2024-02-20", decided="2024-04-01"),
        deed("2024-01-10", "2024-01-20", decided="2024-04-02"),
    ]
    looks = [Look({"deed": (write(tmp_path, "deed", "all.parquet", rows),)}, day, None) for day in DAYS[:1] + DAYS[-1:]]
    found = touched(*looks, tmp_path, {"deed": table("deed")}, {"deed": CELLS})
    assert found == {("deed", "decided_on"): date(2024, 4, 30), ("deed", "paid"): date(2024, 1, 31)}


def test_a_date_that_comes_touches_its_month_though_rows_come_of_later_ones(tmp_path: Path) -> None:
    rows = [deed("2024-01-10", "2024-01-20", decided="2024-02-10"), deed("2024-04-10", "2024-04-20")]
    files = {"deed": (write(tmp_path, "deed", "all.parquet", rows),)}
    looks = Look(files, date(2024, 1, 31), None), Look(files, date(2024, 4, 30), None)
    found = touched(*looks, tmp_path, {"deed": table("deed")}, {"deed": CELLS})
    months = {"amount": date(2024, 4, 30), "paid": date(2024, 1, 31), "decided_on": date(2024, 2, 29)}
    assert found == {("deed", column): month for column, month in months.items()}


def test_a_table_that_came_or_went_is_touched_as_a_whole(tmp_path: Path) -> None:
    here, away = Look({"deed": (write(tmp_path, "deed", "all.parquet", DEEDS),)}, None, None), Look({}, None, None)
    for looks in ((here, away), (away, here)):
        assert touched(*looks, tmp_path, {"deed": table("deed")}, {"deed": ["amount"]}) == {("deed", "amount"): ALWAYS}


def test_a_table_of_which_nobody_says_when_its_rows_happened_is_touched_as_a_whole(tmp_path: Path) -> None:
    old, new = (write(tmp_path, "mine", f"{name}.parquet", DEEDS[:1]) for name in ("old", "new"))
    looks = Look({"mine": (old,)}, None, None), Look({"mine": (old, new)}, None, None)
    assert touched(*looks, tmp_path, {}, {"mine": ["amount"]}) == {("mine", "amount"): ALWAYS}


def test_a_column_that_can_be_read_in_one_look_only_is_touched_as_a_whole(tmp_path: Path) -> None:
    files = {"deed": (write(tmp_path, "deed", "all.parquet", DEEDS[:1]),)}
    spec, day, later = {"deed": table("deed")}, date(2024, 1, 31), date(2024, 3, 31)

    def between(old: Look, new: Look) -> dict[str, date]:
        found = touched(old, new, tmp_path, spec, {"deed": CELLS})
        return {column: month for (_, column), month in found.items()}

    assert between(Look(files, day, None), Look(files, day, None, ("deed.paid",))) == {"paid": ALWAYS}
    assert between(Look(files, day, None, ("deed.paid",)), Look(files, day, None)) == {"paid": ALWAYS}
    both = ("deed.decided_on", "deed.paid")  # without its date a cell is shown on no day
    assert between(Look(files, day, None, both), Look(files, later, None, both)) == {}
    undated = ("deed.happened_on",)
    rows = between(Look(files, date(2024, 1, 30), None, undated), Look(files, day, None, undated))
    assert rows["amount"] == ALWAYS
    assert "amount" not in between(Look(files, day, None, undated), Look(files, later, None, undated))
