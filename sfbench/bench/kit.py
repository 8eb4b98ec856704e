"""The door of bench methods: all that a method file may import from sfbench.

A method file declares `METHOD` and one function, `answer(con, card)`: a DuckDB connection to the observables and a
`Card` in; out comes an `Estimate`, an Arrow table of keys with `score` (and perhaps `flagged`), or a `Refusal`.
"""

from dataclasses import replace

from sfbench.bench.card import Card
from sfbench.bench.effects.bacon import bacon
from sfbench.bench.effects.before_after import before_after
from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.donald_lang import donald_lang
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.imputation import imputation
from sfbench.bench.effects.panel import NEVER, Panel
from sfbench.bench.effects.post_gap import post_gap
from sfbench.bench.effects.randomisation import randomisation
from sfbench.bench.effects.sun_abraham import sun_abraham
from sfbench.bench.effects.twfe import twfe
from sfbench.bench.effects.wild_bootstrap import wild_bootstrap
from sfbench.bench.observed import panel
from sfbench.spec import Method

__all__ = [
    "NEVER",
    "Card",
    "Estimate",
    "Method",
    "Panel",
    "Refusal",
    "bacon",
    "before_after",
    "callaway_santanna",
    "donald_lang",
    "imputation",
    "panel",
    "post_gap",
    "randomisation",
    "replace",
    "sun_abraham",
    "twfe",
    "wild_bootstrap",
]
