"""Claims about the shipped vocabularies and the deny-list of real names."""

from __future__ import annotations

import csv
import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
VOCABULARY = DATASETS / "vocabulary"
OWN = [
    "business_word",
    "district",
    "given_char",
    "head_char_a",
    "head_char_b",
    "industry",
    "institution",
    "legal_form",
    "name_head",
    "product",
    "road",
    "size_rule",
    "street",
    "surname",
]
FILES = [VOCABULARY / f"{name}.csv" for name in OWN] + [DATASETS / "deny" / "brand.csv"]
GUARANTEES = {"A", "B01", "B99", "C01", "C99", "D", "E"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


def table(name: str) -> list[dict[str, str]]:
    return rows(VOCABULARY / f"{name}.csv")


def total(records: Iterable[dict[str, str]], column: str) -> Fraction:
    return sum((Fraction(record[column]) for record in records), Fraction(0))


def parts_in(text: str, parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part in text]


@pytest.fixture(scope="module")
def deny() -> set[str]:
    return {record["part"] for record in rows(DATASETS / "deny" / "brand.csv")}


@pytest.fixture(scope="module")
def industries() -> list[dict[str, str]]:
    return table("industry")


def is_tech_use(record: dict[str, str]) -> Fraction:
    """Chance that a loan to this use is a loan to a technology-related industry."""
    if record["htp"] or record["hts"] or record["pa"]:
        return Fraction(1)
    return Fraction(record["se_share"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_names_source_and_licence_and_is_rectangular(path: Path) -> None:
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw and raw.endswith(b"\n")
    head = [line for line in raw.decode("utf-8").splitlines() if line.startswith("#")]
    assert any(re.match(r"# source: \S", line) for line in head)
    assert any(re.match(r"# licence: \S", line) for line in head)
    records = rows(path)
    assert records and all(None not in record and None not in record.values() for record in records)


@pytest.mark.parametrize(
    ("name", "column"),
    [("district", f"weight_{kind}") for kind in ("manufacturing", "software", "other", "general")]
    + [("industry", f"weight_{kind}") for kind in ("tech", "use", "other")]
    + [("institution", f"weight_{kind}") for kind in ("large", "medium", "small", "micro", "household")]
    + [("product", f"weight_{kind}") for kind in ("large", "medium", "small", "micro")]
    + [("legal_form", "weight"), ("surname", "weight")],
)
def test_a_weight_column_sums_to_one_and_is_never_negative(name: str, column: str) -> None:
    records = table(name)
    assert min(Fraction(record[column]) for record in records) >= 0
    assert total(records, column) == 1


def test_given_characters_sum_to_one_for_each_sex() -> None:
    for sex in ("male", "female"):
        assert total((r for r in table("given_char") if r["sex"] == sex), "weight") == 1


def test_identifiers_are_unique_and_dense() -> None:
    for name, key in (("district", "district_id"), ("product", "product_id"), ("institution", "institution_id")):
        records = table(name)
        assert [int(record[key]) for record in records] == list(range(1, len(records) + 1))
    for name, key in (("industry", "industry_code"), ("product", "code"), ("institution", "name_zh")):
        values = [record[key] for record in table(name)]
        assert len(values) == len(set(values))


def test_districts_carry_their_area_codes() -> None:
    codes = {record["name_en"]: (record["area_code"], record["is_gb_unit"]) for record in table("district")}
    assert len(codes) == 11
    assert codes["Dapeng"] == ("440307", "0") and codes["Shenshan"] == ("441521", "0")
    gb = [code for code, unit in codes.values() if unit == "1"]
    assert sorted(gb) == [f"4403{number:02d}" for number in range(3, 12)]


def test_tech_firms_fall_on_districts_as_published(industries: list[dict[str, str]]) -> None:
    mix: dict[str, Fraction] = defaultdict(Fraction)
    for record in industries:
        mix[record["district_kind"]] += Fraction(record["weight_tech"])
    share = {
        record["name_en"]: sum(mix[kind] * Fraction(record[f"weight_{kind}"]) for kind in mix)
        for record in table("district")
    }
    expected = {"Baoan": 29.6, "Nanshan": 21, "Longgang": 14, "Longhua": 13, "Futian": 9, "Guangming": 7}
    expected |= {"Pingshan": 3, "Luohu": 2.5, "Yantian": 0.5, "Dapeng": 0.3, "Shenshan": 0.1}
    assert {name: round(float(value) * 100, 2) for name, value in share.items()} == expected


def test_every_postcode_lies_in_shenzhen_and_in_one_district() -> None:
    streets = table("street")
    districts: dict[str, set[str]] = defaultdict(set)
    for record in streets:
        assert re.fullmatch(r"518[0-2]\d\d", record["postcode"])
        districts[record["postcode"]].add(record["district_id"])
    assert all(len(owners) == 1 for owners in districts.values())
    assert {record["district_id"] for record in streets} == {record["district_id"] for record in table("district")}
    assert len(streets) >= 74


def test_industry_codes_and_flags_are_valid_in_form(industries: list[dict[str, str]]) -> None:
    rules = {record["size_rule"] for record in table("size_rule")}
    for record in industries:
        assert re.fullmatch(r"[A-R]\d{3}", record["industry_code"])
        assert record["division"] == record["industry_code"][:3] and record["section"] == record["industry_code"][0]
        assert re.fullmatch(r"(HTP0[1-6])?", record["htp"]) and re.fullmatch(r"(HTS0[1-8])?", record["hts"])
        assert re.fullmatch(r"(PA0[1-7])?", record["pa"])
        assert re.fullmatch(r"(SE0[1-9](\|SE0[1-9])*)?", record["se_classes"])
        assert (Fraction(record["se_share"]) > 0) == bool(record["se_classes"])
        assert 0 <= Fraction(record["se_share"]) <= 1 and 0 <= Fraction(record["green_share"]) <= 1
        assert record["size_rule"] in rules
        assert {record["digital"], record["manufacturing"], record["nev_chain"]} <= {"0", "1"}
        assert (record["manufacturing"] == "1") == (record["section"] == "C")


def test_every_catalogue_class_occurs(industries: list[dict[str, str]]) -> None:
    for column, prefix, size in (("htp", "HTP", 6), ("hts", "HTS", 8), ("pa", "PA", 7), ("se_classes", "SE", 9)):
        seen = {code for record in industries for code in record[column].split("|") if code}
        assert seen == {f"{prefix}{number:02d}" for number in range(1, size + 1)}


def test_the_three_firm_populations_have_their_share_of_tech_use(industries: list[dict[str, str]]) -> None:
    share = {
        kind: float(sum(Fraction(record[f"weight_{kind}"]) * is_tech_use(record) for record in industries))
        for kind in ("tech", "use", "other")
    }
    assert share["tech"] == pytest.approx(0.77, abs=0.01)
    assert share["use"] == 1
    assert share["other"] < 0.01
    flagged = [r for r in industries if Fraction(r["weight_other"]) > 0 and (r["htp"] or r["hts"] or r["pa"])]
    assert flagged == []


def test_size_thresholds_fall_from_large_to_small() -> None:
    for record in table("size_rule"):
        for measure in ("staff", "revenue", "assets"):
            bounds = [record[f"{measure}_{size}"] for size in ("large", "medium", "small")]
            assert bounds == ["", "", ""] or int(bounds[0]) > int(bounds[1]) > int(bounds[2]) > 0


def test_product_rules_are_consistent_and_carry_valid_codes() -> None:
    for record in table("product"):
        assert re.fullmatch(r"F022|F023|F041|F05\d|F081|F082|F12", record["standard_class"])
        assert re.fullmatch(r"[a-z0-9_]+", record["code"])
        assert set(record["guarantee_kinds"].split("|")) <= GUARANTEES
        assert record["repayment"] in {"bullet", "quarterly", "monthly", "interest_only"}
        assert 0 < int(record["min_amount"]) < int(record["max_amount"])
        assert 0 < int(record["min_tenor"]) <= int(record["max_tenor"])
        assert int(record["rate_spread_bp_min"]) < int(record["rate_spread_bp_max"])
        launched = datetime.date.fromisoformat(record["launched_on"])
        assert not record["ended_on"] or datetime.date.fromisoformat(record["ended_on"]) > launched
        assert record["source"] and record["confidence"] in {"high", "medium", "low"}


def test_new_rates_may_fall_below_the_prime_rate() -> None:
    spreads = {record["code"]: int(record["rate_spread_bp_min"]) for record in table("product")}
    assert spreads["working_capital"] < 0 and spreads["fixed_asset"] < 0


def test_twenty_one_lenders_may_draw_relending_and_no_local_bank() -> None:
    eligible = [record for record in table("institution") if record["relending_eligible"] == "1"]
    assert Counter(r["bank_type"] for r in eligible) == {"policy": 3, "state_owned": 6, "joint_stock": 12}


def test_bank_weights_follow_the_kind_of_bank() -> None:
    banks = [record for record in table("institution") if record["kind"] == "bank"]
    assert len(banks) == 60
    share = {
        (kind, size): float(total((r for r in banks if r["bank_type"] == kind), f"weight_{size}"))
        for kind in ("policy", "local")
        for size in ("large", "micro")
    }
    assert share["local", "micro"] > 2 * share["local", "large"]
    assert share["policy", "large"] > 10 * share["policy", "micro"]
    assert 0.11 < max(float(record["weight_large"]) for record in banks) < 0.13


def test_the_deny_list_is_long_distinct_and_sourced() -> None:
    records = rows(DATASETS / "deny" / "brand.csv")
    parts = [record["part"] for record in records]
    assert len(parts) == len(set(parts)) >= 2000
    assert all(re.fullmatch(r"[\u4e00-\u9fff]{2,6}", part) for part in parts)
    assert all(record["source"] for record in records)
    assert {r["kind"] for r in records} == {"bank", "broker", "insurer", "fund_manager", "tech_firm", "listed_company"}


@pytest.mark.parametrize(
    "name", ["招商银行", "平安保险", "腾讯科技", "华为技术", "比亚迪", "贵州茅台", "微众银行", "红杉资本"]
)
def test_a_real_name_is_caught(name: str, deny: set[str]) -> None:
    assert parts_in(name, deny)


def test_no_institution_carries_a_real_name(deny: set[str]) -> None:
    caught = {r["name_zh"]: parts_in(r["name_zh"] + r["short_zh"], deny) for r in table("institution")}
    assert {name: parts for name, parts in caught.items() if parts} == {}


def test_no_firm_head_and_no_business_word_is_a_real_name(deny: set[str]) -> None:
    heads = [record["head"] for record in table("name_head")]
    assert len(heads) == len(set(heads)) >= 30_000
    assert {len(head) for head in heads} == {2}
    assert deny.isdisjoint(heads)
    assert {r["word"]: parts_in(r["word"], deny) for r in table("business_word") if parts_in(r["word"], deny)} == {}
    institutions = {record["short_zh"] for record in table("institution")}
    assert institutions.isdisjoint(heads)


def test_heads_are_pairs_of_the_head_characters() -> None:
    first = {record["char"] for record in table("head_char_a")}
    second = {record["char"] for record in table("head_char_b")}
    assert len(first) >= 120 and len(second) >= 120
    assert all(r["head"][0] in first and r["head"][1] in second for r in table("name_head"))


def test_every_industry_division_has_business_words(industries: list[dict[str, str]]) -> None:
    words = Counter(record["division"] for record in table("business_word"))
    assert {record["division"] for record in industries} == set(words)
    assert min(words.values()) >= 2


def test_no_business_word_repeats_the_start_of_a_legal_form() -> None:
    assert not [
        record["word"] for record in table("business_word") if record["word"].endswith(("科技", "技术", "发展"))
    ]
