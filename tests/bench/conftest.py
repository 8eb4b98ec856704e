"""The small scenario that the tests of the bench share."""

import pytest

from sfbench.content import scenario
from tests.bench.shared import TEXT


@pytest.fixture(scope="session")
def posed(tmp_path_factory):
    path = tmp_path_factory.mktemp("posed") / "one.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return scenario(str(path))
