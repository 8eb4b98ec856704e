"""Comparable enterprise and loan tables made row by row with Faker zh_CN and Mimesis zh: the usual way to fake data.

The columns are of the kinds that sfbench's have (names, codes, dates, amounts, choices), each by the library's own
provider, or by `random` where that is quicker. No figure hangs together with another and no credit code has a check
digit: the peers do less work per cell than sfbench does.
"""

from __future__ import annotations

import datetime
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import processes

LOANS_A_FIRM = 6  # as in baseline
ENTERPRISE_COLUMNS, LOAN_COLUMNS = 12, 14
_SECTORS = [f"C{n}" for n in range(13, 44)]
_SIZES = ["CS01", "CS02", "CS03", "CS04"]
_OWNERSHIP = ["A01", "A02", "B01", "B02", "B03"]
_PRODUCTS = [f"F02{n}" for n in range(30)]
_GUARANTEES = ["A", "B01", "B99", "C99", "D"]
_TENORS = [3, 6, 12, 24, 36, 60]
_FIRST, _LAST = datetime.date(2016, 1, 1), datetime.date(2027, 12, 31)

Row = tuple[Any, ...]
Rows = tuple[Callable[[int], Row], Callable[[int], Row]]  # an enterprise row, a loan row, by number


def report(scale: float, firms: int, rounds: int) -> None:
    """Cells per CPU-second of the whole `generate` process against both, in pairs of runs."""
    for name, rows, bound in (("Faker zh_CN", faker_rows(), 50), ("Mimesis zh", mimesis_rows(), 20)):
        whole, same, theirs = [], [], []
        with processes.scratch() as folder:
            for _ in range(rounds):
                whole.append(_cells_per_second(folder / "all", scale, None))
                same.append(_cells_per_second(folder / "two", scale, "enterprise,loan"))
                theirs.append(_timed(rows, firms))
        ratio = statistics.median(w / t for w, t in zip(whole, theirs, strict=True))
        speeds = f"{statistics.median(whole) / 1e6:.2f} M against {statistics.median(theirs) / 1e6:.3f} M cells/CPU-s"
        processes.line(f"all tables per cell / {name}", f"{ratio:.0f}x ({speeds})", f">= {bound}x", ratio >= bound)
        narrow = statistics.median(s / t for s, t in zip(same, theirs, strict=True))
        speed = f"{statistics.median(same) / 1e6:.2f} M cells/CPU-s, unpublished history included"
        processes.line(f"enterprise and loan alone / {name}", f"{narrow:.0f}x ({speed})", "", None)


def _cells_per_second(out: Any, scale: float, tables: str | None) -> float:
    """Cells of the published tables per CPU-second of the whole process, start and writing included."""
    from sfbench.store.manifest import read

    cost = processes.generate(out, scale, tables=tables)
    cells: int = sum(entry.rows * len(entry.columns) for entry in read(out).tables.values())
    return cells / cost.cpu


def _timed(make: Rows, firms: int) -> float:
    """Cells per CPU-second of making the rows alone: imports and writing are a gift to the peer."""
    enterprise, loan = make
    begun = time.process_time()
    cells = sum(len(enterprise(number)) for number in range(firms))
    cells += sum(len(loan(number)) for number in range(firms * LOANS_A_FIRM))
    return cells / (time.process_time() - begun)


def faker_rows() -> Rows:
    """With Faker zh_CN."""
    from faker import Faker

    fake = Faker("zh_CN")
    Faker.seed(1)
    draw = fake.random

    def enterprise(number: int) -> Row:
        return (
            number,
            fake.bothify("91440300##########"),
            fake.company(),
            fake.random_element(_SECTORS),
            fake.district(),
            fake.street_address(),
            fake.postcode(),
            fake.random_element(_OWNERSHIP),
            round(draw.lognormvariate(15, 1), 2),
            fake.name(),
            fake.phone_number(),
            fake.date_between_dates(datetime.date(1990, 1, 1), _LAST),
        )

    def loan(number: int) -> Row:
        granted = fake.date_between_dates(_FIRST, _LAST)
        tenor = fake.random_element(_TENORS)
        return (
            number,
            number // LOANS_A_FIRM,
            fake.bothify("N###############"),
            fake.random_int(1, 50),
            fake.random_element(_PRODUCTS),
            fake.random_element(_SIZES),
            fake.random_element(_SECTORS),
            granted,
            granted + datetime.timedelta(30 * tenor),
            tenor,
            round(draw.lognormvariate(14, 1), 2),
            round(draw.uniform(2, 6), 5),
            fake.random_element(_GUARANTEES),
            fake.boolean(),
        )

    return _checked(enterprise, loan)


def mimesis_rows() -> Rows:
    """With Mimesis zh."""
    from mimesis import Generic, Locale

    fake = Generic(locale=Locale.ZH, seed=1)
    draw = random.Random(1)
    choice, integer = fake.choice, fake.numeric.integer_number

    def enterprise(number: int) -> Row:
        return (
            number,
            fake.code.pin("91440300##########"),
            fake.finance.company(),
            choice(_SECTORS),
            fake.address.city(),
            fake.address.address(),
            fake.address.zip_code(),
            choice(_OWNERSHIP),
            round(draw.lognormvariate(15, 1), 2),
            fake.person.full_name(),
            fake.person.phone_number(),
            fake.datetime.date(1990, 2027),
        )

    def loan(number: int) -> Row:
        granted = fake.datetime.date(2016, 2027)
        tenor = draw.choice(_TENORS)
        return (
            number,
            number // LOANS_A_FIRM,
            fake.code.pin("N###############"),
            integer(1, 50),
            choice(_PRODUCTS),
            choice(_SIZES),
            choice(_SECTORS),
            granted,
            granted + datetime.timedelta(30 * tenor),
            tenor,
            round(draw.lognormvariate(14, 1), 2),
            round(draw.uniform(2, 6), 5),
            choice(_GUARANTEES),
            fake.development.boolean(),
        )

    return _checked(enterprise, loan)


def _checked(enterprise: Callable[[int], Row], loan: Callable[[int], Row]) -> Rows:
    if (len(enterprise(0)), len(loan(0))) != (ENTERPRISE_COLUMNS, LOAN_COLUMNS):
        raise SystemExit("a peer's table has lost a column")
    return enterprise, loan
