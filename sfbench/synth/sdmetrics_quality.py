"""SDMetrics' quality report of a copy, beside our own figures: what others know a copy by.

SDMetrics (MIT) is imported when a card is made, if it is there; copulas (BUSL-1.1) comes with it, so it is an extra.
It scores the columns that a method learns, of at most `MOST` firms a side: its pairs of columns are slow.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from sfbench.synth import card, split
from sfbench.synth.card import Figure
from sfbench.synth.learned import Tables
from sfbench.synth.methods import _sdv

MOST = 5000
WHOLE = "sdmetrics_quality"
PARTS = {
    "Column Shapes": "sdmetrics_column_shapes",
    "Column Pair Trends": "sdmetrics_column_pairs",
    "Cardinality": "sdmetrics_cardinality",
    "Intertable Trends": "sdmetrics_between_tables",
}


def figures(original: Tables, copy: Tables, limits: dict[str, dict[str, float]], seed: int = 0) -> list[Figure]:
    """Its score and what that is the mean of, with its version; one line that says so where it is not installed."""
    try:
        import sdmetrics
        from sdmetrics.reports import QualityReport
    except ImportError:
        words = "SDMetrics is not installed: needs pip install 'sfbench[sdmetrics]'"
        return [card.missing("fidelity", WHOLE, None, words, "未安装SDMetrics：需pip install 'sfbench[sdmetrics]'")]
    names = [name for name in original if name in copy]
    real, made = ({name: side[name] for name in names} for side in (_few(original, seed), _few(copy, seed)))
    shared = {
        name: [c for c in real[name].columns.column_names if c in made[name].columns.column_names] for name in names
    }
    sides = [
        {
            name: _sdv.frame(replace(side[name], columns=side[name].columns.select(shared[name])), keys=True)
            for name in names
        }
        for side in (real, made)
    ]
    report = QualityReport()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of constant and of empty columns, which it leaves out
        try:
            report.generate(*sides, _metadata(real, shared), verbose=False)
        except Exception as error:  # others' code on tables of any kind: the rest of the card does not hang on it
            why = f"{type(error).__name__}: {error}"
            return [card.missing("fidelity", WHOLE, None, f"SDMetrics fails: {why}", f"SDMetrics出错：{why}")]
    found = {WHOLE: float(report.get_score())}
    scores = report.get_properties().to_dict("records")
    found |= {PARTS[one["Property"]]: float(one["Score"]) for one in scores if one["Property"] in PARTS}
    lines = [
        card.of_figure("fidelity", name, value, limits.get(name))
        for name, value in found.items()
        if not math.isnan(value)
    ]
    source = f"SDMetrics {sdmetrics.__version__}"
    return [replace(line, en=f"{source}: {line.en}", zh=f"{source}：{line.zh}") for line in lines]


def _few(tables: Tables, seed: int) -> Tables:
    firms = next(table.rows for table in tables.values() if not table.parent)
    if firms <= MOST:
        return tables
    return split.of_firms(tables, np.random.default_rng([seed, 19]).permutation(firms)[:MOST])


def _metadata(tables: Tables, shared: dict[str, list[str]]) -> dict[str, Any]:
    """Keys, references and kinds in the words of SDV; no range and no category."""
    found: dict[str, Any] = {"tables": {}, "relationships": []}
    for name, table in tables.items():
        columns = {c: {"sdtype": _sdv.kind_of(table.columns.schema.field(c).type)} for c in shared[name]}
        columns[_sdv.ROW] = {"sdtype": "id"}
        if table.parent:
            columns[_sdv.PARENT] = {"sdtype": "id"}
            link = {"parent_table_name": table.parent, "parent_primary_key": _sdv.ROW}
            found["relationships"].append(link | {"child_table_name": name, "child_foreign_key": _sdv.PARENT})
        found["tables"][name] = {"columns": columns, "primary_key": _sdv.ROW}
    return found
