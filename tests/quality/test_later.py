"""Great Expectations starts without what it hardly uses, and has it when it is used."""

import importlib
import json
import subprocess
import sys

from sfbench.quality.later import later

ALONE = """
import sys
from sfbench.quality import engine
engine.expectation_types()
early = [name for name in ("altair", "scipy.stats") if name in sys.modules]
from great_expectations.expectations.core import expect_column_kl_divergence_to_be_less_than as divergence
entropy, chart = divergence.stats.entropy([0.5, 0.5], [0.25, 0.75]), divergence.alt.Chart
import altair
import scipy.stats
print(early, f"{entropy:.4f}", chart is altair.Chart, divergence.stats.entropy is scipy.stats.entropy)
"""


def test_great_expectations_has_its_rare_modules_once_they_are_used():
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    # 0.5 ln(0.5/0.25) + 0.5 ln(0.5/0.75) = 0.1438
    assert done.stdout.split() == ["[]", "0.1438", "True", "True"]


def test_a_module_that_is_there_already_stays_itself():
    with later("json"):
        assert importlib.import_module("json") is json
    assert sys.modules["json"] is json
