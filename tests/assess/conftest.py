"""A small dataset that no test changes, and what is read from it."""

from __future__ import annotations

import pytest

import sfbench
from sfbench.assess.data import read_folder
from sfbench.assess.find import find_method


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    out = tmp_path_factory.mktemp("assess") / "tiny"
    sfbench.generate("baseline", scale="tiny", seed=1, out=out)
    return out


@pytest.fixture(scope="session")
def oecd_data(tiny):
    return read_folder(find_method("oecd_style"), tiny)
