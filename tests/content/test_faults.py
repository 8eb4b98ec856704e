"""Faults declare what they do and where they fit; a scenario's wishes are checked against that, with lines."""

import pytest

from sfbench.cli.skeletons import skeleton
from sfbench.content import faults, scenario
from sfbench.errors import SfbenchError

HEAD = "title_zh: 甲\ntitle_en: A\ncaption: A test.\n"
GOOD = "fault: unit_x10000, table: loan, columns: amount, rate: 0.01"


@pytest.fixture
def read(tmp_path):
    """The scenario of this text."""

    def load(text, name="mine"):
        path = tmp_path / "scenarios" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return scenario(str(path), (tmp_path,))

    return load


def one(text):
    return HEAD + "faults:\n  - {" + text + "}\n"


def test_every_fault_has_two_mechanisms_and_names_in_two_languages():
    for name, fault in faults().items():
        assert len(set(fault.spec.mechanisms)) == 2 and fault.spec.zh and fault.spec.en, name


def test_at_most_a_fifth_of_the_faults_is_declared_beyond_the_sight_of_a_rule():
    hidden = [name for name, fault in faults().items() if not fault.spec.visible]
    assert hidden and len(hidden) <= len(faults()) / 5


def test_a_wish_without_more_is_planted_at_random_at_the_report_by_the_public_mechanism(read):
    (wish,) = read(one(GOOD)).faults
    assert (wish.fault, wish.table, wish.columns, wish.rate) == ("unit_x10000", "loan", ("amount",), 0.01)
    assert (wish.mechanism, wish.at, wish.depends_on, wish.only, wish.decoys) == (1, "report", "none", None, 0.0)
    assert wish.settings == {"factor": 10_000}


def test_a_wish_says_where_when_and_how(read):
    more = "mechanism: 2, at: source, depends_on: bank, decoys: 0.5, from: 2024-01-01, to: 2024-12-31"
    (wish,) = read(one(f"{GOOD}, {more}, where: {{column: currency, in: [USD]}}, with: {{factor: 1000}}")).faults
    assert (wish.mechanism, wish.at, wish.depends_on, wish.decoys) == (2, "source", "bank", 0.5)
    assert wish.only == ("currency", ("USD",)) and wish.settings == {"factor": 1000}
    assert (wish.since, wish.until) == (19723, 20088)


def test_faults_are_inherited_and_what_is_wished_twice_is_drawn_twice(read):
    read(one(GOOD), "base")
    wishes = read(HEAD + "extends: base\nfaults:\n  - {" + GOOD + "}\n").faults
    assert [wish.name for wish in wishes] == ["unit_x10000.loan.amount.1.1", "unit_x10000.loan.amount.1.2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "fault: unit_x1000, table: loan, columns: amount, rate: 0.1",
            ["unknown fault", "did you mean 'unit_x10000'?"],
        ),
        ("fault: typo, table: laon, columns: purpose, rate: 0.1", ["unknown table 'laon'", "did you mean 'loan'?"]),
        ("fault: typo, table: note, columns: purpose, rate: 0.1", ["unknown table 'note'"]),
        ("fault: typo, table: loan, columns: porpose, rate: 0.1", ["no column 'porpose'", "did you mean 'purpose'?"]),
        ("fault: typo, table: loan, columns: amount, rate: 0.1", ["does not fit amount, which is money"]),
        ("fault: typo, table: loan, rate: 0.1", ["takes 1 columns, not 0"]),
        ("fault: check_digit, table: loan, columns: purpose, rate: 0.1", ["has no such check"]),
        ("fault: orphan, table: loan_balance, columns: loan_id, rate: 0.1", ["part of the key"]),
        ("fault: total_gap, table: loan, rate: 0.1", ["'total_gap' does not fit 'loan'"]),
        ("fault: typo, table: loan, columns: purpose", ["key 'rate' is missing"]),
        (f"{GOOD}, rte: 1", ["unknown key 'rte'", "did you mean 'rate'?"]),
        (GOOD.replace("0.01", "1.5"), ["'rate' must be a number from 0 to 1, not 1.5"]),
        (GOOD.replace("0.01", "often"), ["'rate' must be a number"]),
        (f"{GOOD}, mechanism: 3", ["'mechanism' cannot be '3'"]),
        (f"{GOOD}, at: sorce", ["'at' cannot be 'sorce'", "did you mean 'source'?"]),
        ("fault: lost_row, table: loan, rate: 0.1, at: source", ["acts at report only"]),
        ("fault: sign, table: bank_month, columns: all_loans, rate: 0.1, at: source", ["is a settle table"]),
        ("fault: lost_row, table: loan_flow, rate: 0.1, depends_on: bank", ["names no institution"]),
        ("fault: lost_row, table: loan_flow, rate: 0.1, depends_on: size", ["names no size"]),
        ("fault: lost_row, table: enterprise_tag, rate: 0.1, depends_on: value", ["has no amount"]),
        ("fault: missing_month, table: bank_month, rate: 0.1, depends_on: value", ["no size or value"]),
        ("fault: orphan, table: loan, columns: loan_id, rate: 0.1", ["loan_id refers to no table"]),
        ("fault: swapped_fields, table: loan, columns: [amount, due_on], rate: 0.1", ["of two kinds"]),
        ("fault: late, table: loan, rate: 0.1", ["not a column of its own"]),
        ("fault: missing_month, table: district, rate: 0.1", ["no day of an event"]),
        ("fault: copied_period, table: loan, columns: amount, rate: 0.1", ["its key has no month"]),
        ("fault: duplicate_changed_id, table: loan_flow, rate: 0.1", ["its key is not one number"]),
        ("fault: partial_file, table: capital_call, rate: 0.1", ["no column with a list of codes"]),
        (f"{GOOD}, where: {{column: currency, in: [EUR]}}", ["'EUR' is no value of currency"]),
        (f"{GOOD}, where: {{column: purpose, in: [x]}}", ["column 'purpose' is of kind 'text'"]),
        (f"{GOOD}, where: {{column: currncy, in: [CNY]}}", ["no column 'currncy'", "did you mean 'currency'?"]),
        (f"{GOOD}, where: currency", ["'where' must name a column and its values"]),
        (f"{GOOD}, from: yesterday", ["'from' must be a day"]),
        ("fault: typo, table: district, columns: name_zh, rate: 0.1, from: 2024-01-01", ["has no day of an event"]),
        (f"{GOOD}, with: {{faktor: 1}}", ["has no setting 'faktor'", "did you mean 'factor'?"]),
        (f"{GOOD}, with: {{factor: many}}", ["factor must be a number"]),
        ("fault: late, table: enterprise_year, rate: 0.1, decoys: 0.1", ["'late' has no decoys"]),
    ],
)
def test_a_bad_wish_is_refused_with_its_line(text, says, read):
    with pytest.raises(SfbenchError) as caught:
        read(one(text))
    assert "mine.yaml:5: " in str(caught.value), caught.value
    assert all(part in str(caught.value) for part in says), caught.value


def test_the_errors_of_several_wishes_come_together(read):
    with pytest.raises(SfbenchError) as caught:
        read(HEAD + "faults:\n  - {fault: typo}\n  - 7\n  - {fault: typpo, table: loan, rate: 0.1}\n")
    for part in (
        "mine.yaml:5: key 'table' is missing",
        "mine.yaml:6: a fault is a mapping",
        "mine.yaml:7: unknown fault",
    ):
        assert part in str(caught.value)


def test_faults_are_a_list(read):
    with pytest.raises(SfbenchError, match="'faults' must be a list"):
        read(HEAD + "faults: typo\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"""A caption."""\n', "declares no FAULT"),
        ("import nowhere\n", "does not load"),
        ("FAULT = 1\n", "has no caption"),
        (skeleton("fault", "mine").replace('"cell"', '"sell"'), "'level' cannot be 'sell'"),
        (skeleton("fault", "mine").replace('"count"', '"counts"'), "'kinds' cannot be 'counts'"),
    ],
)
def test_a_bad_fault_file_is_a_clear_error(text, says, tmp_path):
    path = tmp_path / "faults" / "mine.py"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SfbenchError, match=says) as caught:
        faults((tmp_path,))
    assert "mine.py" in str(caught.value)


@pytest.mark.parametrize("other", ["nowhere", "bank_month"])
def test_decoys_look_only_at_tables_that_are_made_with_their_own(other, tmp_path):
    path = tmp_path / "faults" / "mine.py"
    path.parent.mkdir()
    text = skeleton("fault", "mine").replace("FAULT = Fault(", f"FAULT = Fault(\n    looks_at=({other!r},),")
    path.write_text(text + "\n\ndef decoy(rows, wish, draw):\n    return rows.open\n", encoding="utf-8")
    wish = tmp_path / "wish.yaml"
    planted = "fault: mine, table: loan, columns: tenor_months, rate: 0.1, decoys: 0.1"
    wish.write_text(one(planted), encoding="utf-8")
    with pytest.raises(SfbenchError, match=f"'mine' looks at '{other}', which no block has"):
        scenario(str(wish), (tmp_path,))
