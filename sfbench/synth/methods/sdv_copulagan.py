"""`sdv_copulagan`: SDV's CopulaGANSynthesizer, a table at a time (BUSL-1.1; the extra `sfbench[sdv]`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfbench.synth.learned import Tables
from sfbench.synth.methods import _sdv
from sfbench.synth.parts import Parts

ABOUT = "SDV CopulaGANSynthesizer, table by table; needs sfbench[sdv] (BUSL-1.1)"
OPTIONS = {"rows": 5000, "epochs": 20}
draw = _sdv.draw


def fit(tables: Tables, options: Mapping[str, Any]) -> Parts:
    """`rows`: rows of each table that are learned."""
    _sdv.require(torch=True)
    return _sdv.single(tables, _make, options)


def _make(metadata: Any, options: Mapping[str, Any]) -> Any:
    from sdv.single_table import CopulaGANSynthesizer

    return CopulaGANSynthesizer(metadata, epochs=int(options["epochs"]))
