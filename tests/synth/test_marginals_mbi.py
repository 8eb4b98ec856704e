"""Copies by mbi's graphical models; skipped where mbi is not installed, `make test-sdv` runs them."""

import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from sfbench import synth
from sfbench.errors import SfbenchError
from sfbench.synth.budget import Budget
from sfbench.synth.marginals import fit_with
from sfbench.synth.methods import marginals_mbi
from sfbench.synth.noisy import measure
from sfbench.synth.source import read

OPTIONS = {"seed": 1, "iterations": 50}


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
    if find_spec("mbi") is None:  # not imported to look: jax is to be configured before
        pytest.skip("mbi is not installed")


@pytest.mark.filterwarnings("error")
def test_what_was_counted_without_noise_comes_back(few, with_mbi):
    marginals_mbi._configured()
    one = measure(few, Silent(1.0, np.random.default_rng(1)), 1.0, 1e-6)["enterprise"]
    assert len(one.pairs) == 3
    for pair, shares in zip(one.pairs, marginals_mbi._estimate(one, 1000), strict=True):
        assert np.abs(shares - pair.counts).sum() < 0.02 * one.total


def test_a_model_is_drawn_without_jax_and_the_same_for_a_seed(few, with_mbi, monkeypatch):
    models = [marginals_mbi.fit(few, marginals_mbi.OPTIONS | OPTIONS) for _ in range(2)]
    for name in [name for name in sys.modules if name.partition(".")[0] in ("jax", "mbi")]:
        monkeypatch.setitem(sys.modules, name, None)
    one, other = (marginals_mbi.draw(model, {"enterprise": 300}, 1)["enterprise"] for model in models)
    assert one.columns.equals(other.columns) and one.rows == 300


def test_both_methods_share_what_they_measure(few, with_mbi):
    seen = []
    fit_with(lambda one: seen.append(one) or [pair.counts for pair in one.pairs], few, marginals_mbi.OPTIONS | OPTIONS)
    made = marginals_mbi.fit(few, marginals_mbi.OPTIONS | OPTIONS)
    assert made.json["tables"]["enterprise"]["pairs"] == [[pair.given, pair.column] for pair in seen[0].pairs]
