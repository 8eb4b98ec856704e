"""A provider for Faker: firms, codes, addresses, people and loan products of the fictional Shenzhen.

    from faker import Faker
    from sfbench.faker import Provider

    fake = Faker("zh_CN")
    fake.add_provider(Provider)        # or Faker("zh_CN", includes=["sfbench.faker"])
    fake.sz_company(), fake.uscc(), fake.sz_address()

Values come from sfbench's vocabularies and Faker's random numbers, so `Faker.seed(7)` and `fake.unique` work. Names are
invented and checked against real brands; credit codes have right check digits and area codes that nobody has assigned.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from faker.providers import BaseProvider

from sfbench.folders import read_csv

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_WEIGHTS_9, _WEIGHTS_18 = (3, 7, 9, 10, 5, 8, 4, 2), tuple(3**place % 31 for place in range(17))
_FIRST_AREA, _AREAS = 440390, 10  # codes that no authority has assigned
_FIRST_DAY, _LAST_DAY = date(2022, 1, 1), date(2027, 12, 31)


class Place(NamedTuple):
    """An address whose parts belong together."""

    district: str
    street: str
    address: str
    postcode: str
    area_code: str  # GB/T 2260, of the district


class Company(NamedTuple):
    """A firm whose parts belong together."""

    name: str
    uscc: str
    industry: str
    industry_code: str  # GB/T 4754
    place: Place
    representative: str


class Provider(BaseProvider):
    """`fake.uscc()`, `fake.sz_company()`, `fake.sz_firm()`, `fake.sz_address()`, `fake.loan_product()` ..."""

    def uscc(self) -> str:
        """A unified social credit code of 18 characters with both check characters right (GB 32100, GB 11714)."""
        organisation = "".join(self.random_element(_ALPHABET) for _ in range(8))
        body = f"91{_FIRST_AREA + self.random_int(0, _AREAS - 1)}{organisation}{_check_9(organisation)}"
        return body + _check_18(body)

    def sz_company(self) -> str:
        """The name of a firm: 深圳市, an invented head, a word of its trade, a legal form."""
        return self.sz_firm().name

    def sz_firm(self) -> Company:
        """A firm: its name fits its trade, its address is one place."""
        industry = self._weighted(_rows("industry"), _weights("industry", "weight_tech", "weight_other"))
        words = _words()
        word = self.random_element(words.get(industry["division"]) or words[min(words)])
        forms = [form for form in _rows("legal_form") if "深圳" not in form["suffix"] and form["only"] != "tech"]
        form = self._weighted(forms, tuple(float(form["weight"]) for form in forms))
        name = f"深圳市{self.random_element(_column('name_head', 'head'))}{word}{form['suffix']}"
        industry_code, industry_name = industry["industry_code"], industry["name_zh"]
        return Company(name, self.uscc(), industry_name, industry_code, self.sz_place(), self.sz_person())

    def sz_place(self) -> Place:
        """A place: the street lies in the district, the postcode is the street's."""
        street = self.random_element(_rows("street"))
        district = next(d for d in _rows("district") if d["district_id"] == street["district_id"])
        road, number = self.random_element(_column("road", "road_zh")), self.random_int(1, 299)
        address = f"深圳市{district['name_zh']}{street['street_zh']}{road}{number}号"
        return Place(district["name_zh"], street["street_zh"], address, street["postcode"], district["area_code"])

    def sz_address(self) -> str:
        """An address as one text."""
        return self.sz_place().address

    def sz_district(self) -> str:
        """A district."""
        return str(self.random_element(_column("district", "name_zh")))

    def sz_person(self) -> str:
        """A person: surname and one or two given characters, by how common they are."""
        surname = self._weighted(_rows("surname"), _weights("surname", "weight"))["surname"]
        weights = _weights("given_char", "weight")
        given = [self._weighted(_rows("given_char"), weights)["char"] for _ in range(2 if self._share() < 0.82 else 1)]
        return surname + "".join(given)

    def sz_bank(self) -> str:
        """A fictional bank."""
        return str(self.random_element([row["name_zh"] for row in _rows("institution") if row["kind"] == "bank"]))

    def loan_product(self) -> str:
        """A loan product by its Chinese name."""
        return str(self.random_element(_column("product", "name_zh")))

    def loan_amount(self, product: str | None = None) -> int:
        """Yuan in whole ten thousands, within the limits of a product (of any product if none is named)."""
        rows = [row for row in _rows("product") if product in (None, row["name_zh"], row["code"])]
        if not rows:
            raise ValueError(f"no loan product {product!r}; see fake.loan_product()")
        row = self.random_element(rows)
        low, high = int(row["min_amount"]), int(row["max_amount"])
        return int(low * (high / low) ** self._share()) // 10_000 * 10_000 or 10_000

    def loan_grade(self) -> str:
        """A class of the five-grade scale, FQ01 (normal) to FQ05 (loss)."""
        return str(self.random_element([row["code"] for row in _rows("code") if row["list"] == "grade"]))

    def sz_month_end(self) -> date:
        """A month end of sfbench's window, 2022-01 to 2027-12."""
        day = _FIRST_DAY + timedelta(self.random_int(0, (_LAST_DAY - _FIRST_DAY).days))
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return following - timedelta(1)

    def _share(self) -> float:
        return float(self.generator.random.random())

    def _weighted(self, rows: Sequence[dict[str, str]], weights: Sequence[float]) -> dict[str, str]:
        found: list[dict[str, str]] = self.generator.random.choices(rows, weights)
        return found[0]


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    columns = read_csv(f"vocabulary/{name}" if name == "code" else f"vocabulary/{name}.csv")
    return tuple(dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _column(name: str, column: str) -> tuple[str, ...]:
    return read_csv(f"vocabulary/{name}.csv")[column]


@cache
def _weights(name: str, *columns: str) -> tuple[float, ...]:
    return tuple(sum(float(row[column] or 0) for column in columns) for row in _rows(name))


@cache
def _words() -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for row in _rows("business_word"):
        words.setdefault(row["division"], []).append(row["word"])
    return words


def _check_9(organisation: str) -> str:
    """GB 11714: the ninth character of an organisation code."""
    total = sum(weight * _value_9(letter) for weight, letter in zip(_WEIGHTS_9, organisation, strict=True))
    return "0123456789X0"[(11 - total % 11)]


def _value_9(letter: str) -> int:
    return int(letter) if letter.isdigit() else ord(letter) - ord("A") + 10


def _check_18(body: str) -> str:
    """GB 32100: the eighteenth character of a credit code."""
    total = sum(weight * _ALPHABET.index(letter) for weight, letter in zip(_WEIGHTS_18, body, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]
