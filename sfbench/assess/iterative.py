"""Imputation by regressions of each indicator on the others, in turn (chained equations)."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np

from sfbench.assess.context import Context, named
from sfbench.assess.extra import scikit_learn
from sfbench.assess.options import Count
from sfbench.assess.panel import Floats
from sfbench.errors import SfbenchError


def iterative(x: Floats, context: Context, *, estimator: Literal["bayesian_ridge"], rounds: Count) -> Floats:
    """scikit-learn's IterativeImputer: medians first, then `rounds` rounds of regressions of each on all others.

    Gaps get the expected figure, without random draws (van Buuren and Groothuis-Oudshoorn 2011 draw). Figures are
    standardised before, so that the unit of an indicator does not matter. An error where fewer than two units
    report an indicator.
    """
    few = np.isfinite(x).sum(axis=0) < 2
    if few.any():
        raise SfbenchError(f"too few figures to impute from: {named(context.names, few)}", fix="name another `missing`")
    scikit_learn("experimental.enable_iterative_imputer")  # what it is imported for: IterativeImputer is behind it
    centre, size = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    size = np.where(size == 0, 1, size)
    imputer = scikit_learn("impute").IterativeImputer(
        estimator={"bayesian_ridge": scikit_learn("linear_model").BayesianRidge}[estimator](),
        sample_posterior=False,
        max_iter=rounds,
        tol=0.0,
        n_nearest_features=None,
        initial_strategy="median",
        imputation_order="ascending",
    )
    with warnings.catch_warnings():  # all rounds are wanted: that the last one still moves is no news
        warnings.simplefilter("ignore", scikit_learn("exceptions").ConvergenceWarning)
        filled = imputer.fit_transform((x - centre) / size)
    return np.where(np.isnan(x), filled * size + centre, x)
