"""SDV's methods behind the same interface, without SDV: what is told, and what is not loaded."""

import sys

import pytest

from sfbench import synth
from sfbench.errors import SfbenchError
from sfbench.synth.methods import method_named


@pytest.mark.parametrize("method", [name for name in synth.method_names() if name.startswith("sdv_")])
def test_without_sdv_the_remedy_is_told(confidential, method, monkeypatch):
    monkeypatch.setitem(sys.modules, "sdv", None)  # cannot be imported, even if it is there
    with pytest.raises(SfbenchError, match=r"sfbench\[sdv\]"):
        synth.fit(confidential, method, ["enterprise", "loan"])


@pytest.mark.parametrize("method", [name for name in synth.method_names() if name.startswith("sdv_")])
def test_the_licence_is_named(method):
    assert "BUSL-1.1" in method_named(method).about
