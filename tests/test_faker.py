"""The Faker provider: registered as Faker's users do it, seeded by Faker, coherent, and nothing real."""

import calendar
import csv
import re
from pathlib import Path

import pytest
from faker import Faker
from stdnum.cn import uscc as standard

from sfbench.faker import Provider

VOCABULARY = Path(__file__).parents[1] / "datasets" / "vocabulary"
MANY = 300


@pytest.fixture
def fake():
    fake = Faker("zh_CN")
    fake.add_provider(Provider)
    fake.seed_instance(7)
    return fake


def vocabulary(name):
    with (VOCABULARY / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def test_it_registers_by_class_and_by_name():
    for fake in (Faker("zh_CN", includes=["sfbench.faker"]), Faker(includes=["sfbench.faker"])):
        assert fake.sz_company().startswith("深圳市")


def test_a_seed_of_faker_gives_the_same_values():
    found = []
    for _ in range(2):
        fake = Faker("zh_CN", includes=["sfbench.faker"])
        Faker.seed(11)
        found.append([(fake.sz_firm(), fake.uscc(), fake.loan_product(), fake.sz_bank()) for _ in range(20)])
    assert found[0] == found[1]


def test_credit_codes_are_valid_and_cannot_have_been_issued(fake):
    codes = [fake.unique.uscc() for _ in range(MANY)]
    assert all(standard.is_valid(code) for code in codes)
    assert {code[2:8] for code in codes} <= {str(code) for code in range(440390, 440400)}


def test_the_ninth_character_is_right_too(fake):
    """GB 11714 worked out here: weights 3 7 9 10 5 8 4 2 over values 0-9, A-Z = 10-35, modulo 11."""
    for code in (fake.uscc() for _ in range(MANY)):
        body, check = code[8:16], code[16]
        total = sum(w * int(letter, 36) for w, letter in zip((3, 7, 9, 10, 5, 8, 4, 2), body, strict=True))
        rest = (11 - total % 11) % 11
        assert check == ("X" if rest == 10 else str(rest))


def test_the_parts_of_an_address_belong_together(fake):
    districts = {row["name_zh"]: row for row in vocabulary("district")}
    streets = {(row["district_id"], row["street_zh"]): row["postcode"] for row in vocabulary("street")}
    for place in (fake.sz_place() for _ in range(MANY)):
        district = districts[place.district]
        assert streets[district["district_id"], place.street] == place.postcode
        assert place.area_code == district["area_code"]
        assert place.address.startswith(f"深圳市{place.district}{place.street}")
    assert re.fullmatch(r"深圳市.+号", fake.sz_address())


def test_a_firms_name_has_a_word_of_its_trade(fake):
    divisions = {row["industry_code"]: row["division"] for row in vocabulary("industry")}
    words = {}
    for row in vocabulary("business_word"):
        words.setdefault(row["division"], set()).add(row["word"])
    for firm in (fake.sz_firm() for _ in range(MANY)):
        mine = words.get(divisions[firm.industry_code], words[min(words)])
        assert any(word in firm.name for word in mine), firm


def test_no_name_holds_a_real_brand(fake):
    with (Path(__file__).parents[1] / "datasets" / "deny" / "brand.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    brands = {row[next(iter(row))] for row in rows}
    assert len(brands) > 2000
    for name in (fake.sz_company().removeprefix("深圳市") for _ in range(MANY)):
        assert not [brand for brand in brands if name.startswith(brand)], name


def test_amounts_lie_within_the_limits_of_the_product(fake):
    limits = {row["name_zh"]: (int(row["min_amount"]), int(row["max_amount"])) for row in vocabulary("product")}
    for name in (fake.loan_product() for _ in range(MANY)):
        low, high = limits[name]
        assert max(low // 10_000 * 10_000, 10_000) <= fake.loan_amount(name) <= high
    with pytest.raises(ValueError, match="no loan product"):
        fake.loan_amount("none")


def test_the_rest(fake):
    assert {fake.loan_grade() for _ in range(MANY)} == {f"FQ0{n}" for n in range(1, 6)}
    assert all(2 <= len(fake.sz_person()) <= 4 for _ in range(MANY))
    day = fake.sz_month_end()
    assert day.day == calendar.monthrange(day.year, day.month)[1] and 2022 <= day.year <= 2027
    assert fake.sz_bank() in {row["name_zh"] for row in vocabulary("institution")}
    assert fake.sz_district() in {row["name_zh"] for row in vocabulary("district")}
