"""SDV's methods behind the same interface; a copy is made only where SDV is installed (BUSL-1.1)."""

import importlib.util
import sys

import pytest

from sfbench import synth
from sfbench.errors import SfbenchError
from sfbench.synth.methods import method_named

HAS_SDV = importlib.util.find_spec("sdv") is not None


@pytest.mark.parametrize("method", [name for name in synth.method_names() if name.startswith("sdv_")])
def test_without_sdv_the_remedy_is_told(confidential, method, monkeypatch):
    monkeypatch.setitem(sys.modules, "sdv", None)  # cannot be imported, even if it is there
    with pytest.raises(SfbenchError, match=r"sfbench\[sdv\]"):
        synth.fit(confidential, method, ["enterprise", "loan"])


@pytest.mark.parametrize("method", [name for name in synth.method_names() if name.startswith("sdv_")])
def test_the_licence_is_named(method):
    assert "BUSL-1.1" in method_named(method).about


@pytest.mark.skipif(not HAS_SDV, reason="needs sfbench[sdv]")
def test_gaussian_copula_gives_a_copy_on_which_references_hold(confidential):
    made = synth.fit(confidential, "sdv_gaussian_copula", ["enterprise", "loan"], options={"rows": 800}).sample(1, 300)
    assert set(made["loan"]["enterprise_id"].to_pylist()) <= set(made["enterprise"]["enterprise_id"].to_pylist())
