"""Copies by mbi's graphical models; skipped where mbi is not installed, `make test-sdv` runs them."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from sfbench import synth
from sfbench.errors import SfbenchError
from sfbench.synth.budget import Budget
from sfbench.synth.marginals import fit_with
from sfbench.synth.methods import marginals_mbi
from sfbench.synth.noisy import measure
from sfbench.synth.source import read

OPTIONS = {"seed": 1, "iterations": 300}


def test_without_mbi_the_remedy_is_told(confidential, monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)  # cannot be imported, even if it is there
    with pytest.raises(SfbenchError, match=r"sfbench\[mbi\]"):
        synth.fit(confidential, "marginals_mbi", ["enterprise", "loan"])


class Silent(Budget):
    """Hardly any noise."""

    def noisy(self, counts, rho, most):
        return counts, 1e-3


@pytest.fixture(scope="module")
def few(confidential):
    """Firms and four of their columns."""
    table = read(confidential, ["enterprise"]).learned["enterprise"]
    names = ["ownership", "hard_tech", "registered_capital", "tech_firm"]
    return {"enterprise": replace(table, columns=table.columns.select(names))}


@pytest.fixture(scope="module")
def with_mbi():
    pytest.importorskip("mbi", reason="mbi is not installed")


@pytest.mark.filterwarnings("error")
def test_what_was_counted_without_noise_comes_back(few, with_mbi):
    marginals_mbi._configured()
    one = measure(few, Silent(1.0, np.random.default_rng(1)), 1.0, 1e-6)["enterprise"]
    assert len(one.pairs) == 3
    for pair, shares in zip(one.pairs, marginals_mbi._estimate(one, 2000), strict=True):
        assert np.abs(shares - pair.counts).sum() < 0.02 * one.total


def test_a_model_samples_without_jax_and_the_same_for_a_seed(confidential, with_mbi, tmp_path, monkeypatch):
    models = [synth.fit(confidential, "marginals_mbi", ["enterprise", "loan"], options=OPTIONS) for _ in range(2)]
    synth.save(models[0], tmp_path / "model.zip")
    for name in [name for name in sys.modules if name.partition(".")[0] in ("jax", "mbi")]:
        monkeypatch.setitem(sys.modules, name, None)
    one, other = synth.load(tmp_path / "model.zip").sample(1, 300), models[1].sample(1, 300)
    assert all(one[name].equals(other[name]) for name in ("enterprise", "loan"))
    assert one["enterprise"].num_rows == 300
    assert set(one["loan"]["enterprise_id"].to_pylist()) <= set(one["enterprise"]["enterprise_id"].to_pylist())


def test_both_methods_share_what_they_measure(few, with_mbi):
    seen = []
    fit_with(
        lambda one: seen.append(one) or [pair.counts for pair in one.pairs], few, marginals_mbi.OPTIONS | {"seed": 3}
    )
    made = marginals_mbi.fit(few, marginals_mbi.OPTIONS | {"seed": 3})
    assert made.json["tables"]["enterprise"]["pairs"] == [[pair.given, pair.column] for pair in seen[0].pairs]
