"""A card of several tables without a parent: none is let go that no attack has looked at."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench import privacy
from sfbench.privacy.outcome import outcome
from sfbench.synth import card, safety
from sfbench.synth.learned import Learned, with_units
from sfbench.synth.page import page

LIMITS = card.thresholds()["privacy"]
FIRMS, LOANS = 400, 600


def world(seed, loans=LOANS):
    """Firms, and loans of nobody with payments."""
    random = np.random.default_rng(seed)
    words = pa.array([f"s{i}" for i in random.integers(0, 9, FIRMS)])
    firm = pa.table({"sector": words, **{name: random.random(FIRMS) for name in "xyz"}})
    loan = pa.table({name: random.lognormal(size=loans) for name in "abcd"})
    payments = np.repeat(np.arange(loans), 2)
    paid = Learned("payment", pa.table({"paid": random.random(len(payments))}), "loan", payments)
    return with_units([Learned("firm", firm), Learned("loan", loan), paid])


def judged(train, unseen, copy, said=None):
    found = safety.attacked(train, unseen, copy, said or {}, LIMITS, seed=1, most=10_000, shadows=bool(said))
    return found, card.Card(tuple(found.figures), {})


def test_a_second_table_that_is_the_original_is_beyond():
    train, copy = world(1), world(3)
    copied = with_units([copy["firm"], train["loan"], train["payment"]])
    found, whole = judged(train, world(2), copied)
    assert whole.safe == "beyond" and list(found.cases) == ["firm", "loan"]
    line = next(figure for figure in found.figures if figure.name == "exact_copies")
    assert line.verdict == "beyond" and line.en.startswith("loan: ") and line.zh.startswith("loan：")


def test_each_attack_has_one_line_of_the_table_where_it_is_worst():
    found, whole = judged(world(1), world(2), world(3))
    assert sorted(figure.name for figure in found.figures) == privacy.attack_names()
    assert whole.safe != "beyond"


def test_more_tables_share_the_level():
    """Two tables are twice as many attacks, each of them at half the level."""
    alone = outcome("x", 120, 1000, 82, 1000, "", "")
    assert alone.risk_low > 0
    both = safety._worst({"firm": [alone], "loan": [alone]}, {"x": {"most_risk_low": 0}})
    assert [line.outcome.cases for line in both] == [2]
    assert both[0].outcome.risk_low < alone.risk_low and both[0].outcome.seen_from() > alone.seen_from()


def test_a_table_that_no_attack_can_look_at_is_told_by_name_and_the_card_is_not_judged():
    train, unseen, copy = (world(seed, loans=15) for seed in (1, 2, 3))
    found, whole = judged(train, unseen, copy)
    line = next(figure for figure in found.figures if figure.name == "not_attacked_loan")
    assert line.verdict == "not judged" and whole.safe == "not judged"
    html = page(whole, "en")
    assert "loan, payment: no attack has looked at it" in html and "loan、payment：未受任何攻击检验" in html
    assert "loan, payment" in json.dumps(whole.record())


def test_the_method_is_fitted_again_to_the_attacked_table_alone():
    found, _ = judged(world(1), world(2), world(3), {"method": "independent", "options": {}})
    frame = found.cases["loan"].refit(np.arange(100), 1)
    assert frame.rows == 100 and set(frame.columns) == set(found.cases["loan"].train.columns)


def as_files(folder, sides):
    """The tables of each side as Parquet files, with keys, and their metadata."""
    for at, (name, tables) in enumerate(sides.items()):
        (folder / name).mkdir()
        for table in tables.values():
            keys = {"id": pa.array(np.arange(table.rows) + at * 10_000)}
            keys |= {"of": pa.array(table.parent_row + at * 10_000)} if table.parent else {}
            columns = {c: table.columns[c] for c in table.columns.column_names}
            pq.write_table(pa.table(keys | columns), folder / name / f"{table.name}.parquet")
    tables = {
        name: {"key": ["id"], "columns": {"id": {"kind": "key"}} | {c: {"kind": "number"} for c in columns}}
        for name, columns in (("firm", "xyz"), ("loan", "abcd"), ("payment", ["paid"]))
    }
    tables["firm"]["columns"]["sector"] = {"kind": "code"}
    tables["payment"]["columns"]["of"] = {"kind": "key", "references": "loan.id", "nullable": False}
    (folder / "metadata.json").write_text(json.dumps(tables), encoding="utf-8")
    return folder


@pytest.fixture
def folders(tmp_path):
    """Original, held-out rows and a copy as files, the copy's loans being the original's."""
    sides = {name: world(seed) for name, seed in (("original", 1), ("held", 2), ("copy", 3))}
    sides["copy"] |= {name: sides["original"][name] for name in ("loan", "payment")}
    return as_files(tmp_path, sides)


def test_a_report_says_so(folders):
    pytest.importorskip("sklearn")
    from sfbench.synth.report import report

    found = report(*(folders / n for n in ("original", "copy", "held")), metadata=folders / "metadata.json")
    assert found.safe == "beyond" and found.about["attacked"] == ["firm", "loan"]


def paid_if(world, paid):
    """The world, in which those loans alone have payments."""
    parent = np.repeat(np.flatnonzero(paid), 2)
    payments = pa.table({"paid": np.random.default_rng(0).random(len(parent))})
    return with_units([world["firm"], world["loan"], Learned("payment", payments, "loan", parent)])


def test_a_copy_that_fails_in_its_second_table_is_neither_like_the_original_nor_of_use(tmp_path):
    """Its firms are as they should be; its loans are larger, and which of them are paid hangs on nothing."""
    pytest.importorskip("sklearn")
    from sfbench.synth.report import report

    sides = {name: world(seed) for name, seed in (("original", 1), ("held", 2), ("copy", 3))}
    larger = pa.table({name: sides["copy"]["loan"].columns[name].to_numpy() * 30 for name in "abcd"})
    sides["copy"]["loan"] = Learned("loan", larger)
    for name, side in sides.items():
        told = np.arange(LOANS) % 2 if name == "copy" else side["loan"].columns["a"].to_numpy() > 1
        sides[name] = paid_if(side, told)
    folder = as_files(tmp_path, sides)
    found = report(
        *(folder / n for n in ("original", "copy", "held")), metadata=folder / "metadata.json", shadows=False
    )
    figures = {figure.name: figure for figure in found.figures}
    for name in ("told_apart", "credit_access"):
        assert figures[name].verdict == "beyond"
        assert figures[name].en.startswith("loan: ") and figures[name].zh.startswith("loan：")
