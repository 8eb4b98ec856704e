"""The card of a user's own table: what its metadata declare is used, and a narrow table has a card, too."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench import synth
from sfbench.synth import card

FIRMS = 600


@pytest.fixture(scope="module")
def carded(tmp_path_factory):
    """The card of a copy of a table with these codes, some of which its metadata call quasi-identifiers."""
    pytest.importorskip("sklearn")
    from sfbench.synth.report import report

    def made(codes, quasi=()):
        home = tmp_path_factory.mktemp("own")
        random = np.random.default_rng(1)
        columns = {name: [f"{name}{code}" for code in random.integers(0, kinds, FIRMS)] for name, kinds in codes}
        (home / "mine").mkdir()
        pq.write_table(pa.table({"id": np.arange(FIRMS), **columns}), home / "mine" / "firm.parquet")
        said = {name: {"kind": "code", "privacy": "quasi" if name in quasi else "public"} for name in columns}
        metadata = home / "metadata.json"
        metadata.write_text(json.dumps({"firm": {"key": ["id"], "columns": {"id": {"kind": "key"}, **said}}}))
        own = synth.read_metadata(metadata, home / "mine")
        model = synth.fit(home / "mine", "bootstrap", own=own, keep_out=0.5)
        model.write_sample(home / "copy", seed=1)
        found = report(home / "mine", home / "copy", metadata=metadata, shadows=False)
        return {figure.name: figure for figure in found.figures}

    return made


CODES = [(name, kinds) for name, kinds in zip("abcdef", (2, 2, 2, 2, 5, 7), strict=True)]


def test_declared_quasi_identifiers_are_what_outsiders_know(carded):
    assert carded(CODES, "ef")["k_map"].outcome.tries == 5 * 7


def test_where_none_is_declared_the_first_columns_are(carded):
    assert carded(CODES)["k_map"].outcome.tries == 2**4


def test_a_table_with_one_learned_column_has_a_card(carded):
    figures = carded([("a", 12)])
    for name in ("attribute_inference", "linkability"):
        assert figures[name].outcome.tries == 0 and figures[name].verdict == "not judged"
    none_here = {"canaries", "copied_rows"}  # none were planted; rows of one column of few values tell of nobody
    assert set(card.thresholds()["privacy"]) - none_here <= set(figures)
