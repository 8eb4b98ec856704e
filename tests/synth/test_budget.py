"""The differentially private method: its budget by hand, its noise as stated."""

import math

import numpy as np
import pytest

from sfbench.synth import fit
from sfbench.synth.methods.marginals_dp import rho_of, sigma_of


def test_the_budget_is_that_of_zero_concentrated_privacy():
    rho = rho_of(3.0, 1e-6)
    assert rho + 2 * math.sqrt(rho * math.log(1e6)) == pytest.approx(3.0)


def test_noise_follows_from_budget_and_sensitivity():
    # k Gaussian mechanisms of sensitivity s and noise sigma cost k s^2 / (2 sigma^2).
    sigma = sigma_of(0.1, 20, 4.0)
    assert 20 * 4.0**2 / (2 * sigma**2) == pytest.approx(0.1)


def test_a_model_states_its_budget_and_what_it_does_not_cover(confidential):
    model = fit(confidential, "marginals_dp", ["enterprise", "loan"], options={"epsilon": 2})
    budget = model.parts.json["budget"]
    assert budget["epsilon"] == 2.0
    assert "not: bounds" in budget["covered"]


def test_less_budget_means_more_noise(confidential):
    sigmas = [
        fit(confidential, "marginals_dp", ["enterprise"], options={"epsilon": e}).parts.json["tables"]["enterprise"][
            "sigma"
        ]
        for e in (1.0, 10.0)
    ]
    assert sigmas[0] > 5 * sigmas[1]


def test_two_fits_with_other_noise_differ(confidential):
    one, other = (
        np.asarray(
            fit(confidential, "marginals_dp", ["enterprise"], options={"seed": s}).parts.tables["enterprise"]["count"]
        )
        for s in (1, 2)
    )
    assert not np.array_equal(one, other)
