"""Copies with differentially private marginals: what a model states, what it keeps, what it does not know."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sfbench.synth import fit, grids, load, save
from sfbench.synth.columns import decode, encode
from sfbench.synth.fidelity import figures
from sfbench.synth.marginals import OPTIONS, draw
from sfbench.synth.methods import marginals_dp
from sfbench.synth.projection import raked, shown, simplex
from sfbench.synth.source import read

TABLES = ["enterprise", "loan"]


@pytest.fixture(scope="module")
def learned(confidential):
    """A few columns, so that it takes a moment."""
    found = read(confidential, TABLES).learned
    kept = {
        "enterprise": ["ownership", "industry_code"],
        "loan": ["granted_month", "amount", "guarantee"],
    }
    return {name: replace(table, columns=table.columns.select(kept[name])) for name, table in found.items()}


def parts(learned, **options):
    return marginals_dp.fit(learned, OPTIONS | {"seed": 1} | options)


@pytest.fixture(scope="module")
def generous(learned):
    """With so little noise that what remains is what the method itself loses."""
    return draw(parts(learned, epsilon=300.0), {"enterprise": learned["enterprise"].rows}, 1)


def test_a_model_states_its_budget_and_what_it_covers(learned):
    budget = parts(learned, epsilon=2.0).json["budget"]
    assert budget["epsilon"] == 2.0 and budget["spent"] == pytest.approx(budget["rho"])
    assert "NOTHING" in budget["covered"]  # the seed is known


def test_without_a_seed_no_two_fits_have_the_same_noise(learned):
    one, other = (parts(learned, seed=0) for _ in range(2))
    assert "not: number of firms" in one.json["budget"]["covered"]
    assert not one.tables["loan"].equals(other.tables["loan"])
    assert parts(learned).tables["loan"].equals(parts(learned).tables["loan"])


def test_total_principal_and_number_of_notes_come_back(learned, generous):
    found = figures(learned, generous)
    assert 0.8 < found["total_ratio"] < 1.2
    assert found["top_ten_ratio"] > 0.5
    assert found["children"] > 0.95


def test_less_budget_means_a_copy_less_alike(learned, generous):
    poor = draw(parts(learned, epsilon=0.1), {"enterprise": learned["enterprise"].rows}, 1)
    assert figures(learned, poor)["pair"] < figures(learned, generous)["pair"] - 0.1


def test_bins_and_codes_do_not_depend_on_the_values(learned):
    """A city whose amounts are a thousand times larger, ten years later, is measured on the same grids."""
    loan = learned["loan"].columns
    far = {"amount": pc.multiply(loan["amount"].cast(pa.float64()), 1000.0).cast(pa.decimal128(18, 2))}
    far["granted_month"] = pc.add(loan["granted_month"], 120)
    moved = pa.table({name: far.get(name, loan[name]) for name in loan.column_names})
    other = learned | {"loan": replace(learned["loan"], columns=moved)}
    one, two = (parts(tables).json["tables"] for tables in (learned, other))
    for name in learned:
        grids = [[{**column, "groups": None} for column in model[name]["columns"]] for model in (one, two)]
        assert grids[0] == grids[1]


def test_declared_words_are_known_without_looking(learned):
    assert {"A", "B01", "C01", "D", "E"} & set(learned["loan"].words["guarantee"])
    assert len(learned["enterprise"].words["industry_code"]) > 150


def test_a_model_file_gives_the_same_copy(confidential, tmp_path):
    model = fit(confidential, "marginals_dp", TABLES, options={"seed": 1})
    save(model, tmp_path / "model.zip")
    assert load(tmp_path / "model.zip").sample(1, 200)["loan"].equals(model.sample(1, 200)["loan"])


@pytest.mark.parametrize(
    "values",
    [
        pa.array([0, 5, -32, 33, 700, 10**6]),
        pa.array([0, 150, 20_000_000, 123_456_789]).cast(pa.decimal128(19, 0)).cast(pa.decimal128(18, 2)),
        pa.array([0.0, 0.31, 6.9, -2.2]),
        pa.array([8000, 12000, 18000], pa.int32()).cast(pa.date32()),
    ],
    ids=["integers", "money", "numbers", "dates"],
)
def test_a_value_comes_back_from_its_own_bin(values):
    coding = grids.grid("x", str(values.type))
    code = encode(coding, values)
    assert encode(coding, decode(coding, code, np.full(len(values), 0.5))).tolist() == code.tolist()


def test_the_simplex_is_the_nearest_point():
    # By hand: (3, 1, -1) to a total of 2: subtract 1 and cut.
    assert simplex(np.array([3.0, 1.0, -1.0]), 2.0).tolist() == [2.0, 0.0, 0.0]
    assert simplex(np.array([3.0, 1.0, -np.inf]), 3.0).tolist() == [2.5, 0.5, 0.0]


def test_ends_where_nothing_is_shown_are_cut():
    noisy = np.array([1.0, -1.0, 0.5, 100.0, 50.0, 1.0, -2.0, 1.0])
    assert shown(noisy, 1.0) == (3, 5)
    assert shown(noisy / 100, 1.0) == (0, 0)


def test_raking_keeps_margins_and_odds():
    table = raked(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.3, 0.7]), np.array([0.4, 0.6]))
    assert table.sum(axis=1) == pytest.approx([0.3, 0.7]) and table.sum(axis=0) == pytest.approx([0.4, 0.6])
    assert table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]) == pytest.approx(4 / 6)
