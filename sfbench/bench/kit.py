"""The door of bench methods: all that a method file may import from sfbench.

A method file declares `METHOD` and one function, `answer(con, card)`: a DuckDB connection to the observables and a
`Card` in; out comes an `Estimate`, an Arrow table of keys with `score` (and perhaps `flagged`), or a `Refusal`.
"""

from dataclasses import replace

from sfbench.assess.aggregate.means import geometric
from sfbench.assess.normalise.order import percentile
from sfbench.assess.normalise.scale import min_max
from sfbench.assess.weights.correlation import correlation_deduplicated, pca
from sfbench.assess.weights.given import equal, hierarchical_equal
from sfbench.assess.weights.information import critic
from sfbench.bench.card import Card
from sfbench.bench.composite import composite, matrix
from sfbench.bench.effects.aipw import logistic
from sfbench.bench.effects.bacon import bacon
from sfbench.bench.effects.before_after import before_after
from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.density_test import density_test
from sfbench.bench.effects.donald_lang import donald_lang
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.factorial import factorial
from sfbench.bench.effects.few_clusters import UNTREATED, few_clusters
from sfbench.bench.effects.honest_did import honest_did
from sfbench.bench.effects.imputation import imputation
from sfbench.bench.effects.panel import NEVER, Panel
from sfbench.bench.effects.post_gap import post_gap
from sfbench.bench.effects.randomisation import randomisation
from sfbench.bench.effects.regression_discontinuity import regression_discontinuity
from sfbench.bench.effects.sun_abraham import sun_abraham
from sfbench.bench.effects.synthetic_control import synthetic_control
from sfbench.bench.effects.twfe import twfe
from sfbench.bench.effects.wild_bootstrap import wild_bootstrap
from sfbench.bench.floor_sample import floor_sample
from sfbench.bench.graded_indicators import graded_indicators
from sfbench.bench.observed import beside, both_arms, near, panel
from sfbench.bench.sound_indicators import sound_indicators
from sfbench.bench.tech_indicators import tech_indicators
from sfbench.bench.warning_signs import turned_bad, warning_signs, year_before
from sfbench.privacy.frame import Frame
from sfbench.privacy.scale import Scale, nearest
from sfbench.spec import Method

__all__ = [
    "NEVER",
    "UNTREATED",
    "Card",
    "Estimate",
    "Frame",
    "Method",
    "Panel",
    "Refusal",
    "Scale",
    "bacon",
    "before_after",
    "beside",
    "both_arms",
    "callaway_santanna",
    "composite",
    "correlation_deduplicated",
    "critic",
    "density_test",
    "donald_lang",
    "equal",
    "factorial",
    "few_clusters",
    "floor_sample",
    "geometric",
    "graded_indicators",
    "hierarchical_equal",
    "honest_did",
    "imputation",
    "logistic",
    "matrix",
    "min_max",
    "near",
    "nearest",
    "panel",
    "pca",
    "percentile",
    "post_gap",
    "randomisation",
    "regression_discontinuity",
    "replace",
    "sound_indicators",
    "sun_abraham",
    "synthetic_control",
    "tech_indicators",
    "turned_bad",
    "twfe",
    "warning_signs",
    "wild_bootstrap",
    "year_before",
]
