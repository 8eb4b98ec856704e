"""SDMetrics' own figures on the card: as it says them, with its version; said to be missing where it is."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ks_2samp

from sfbench.synth import sdmetrics_quality, source
from tests.synth.shared import LEARNED

THERE = importlib.util.find_spec("sdmetrics") is not None
needs_sdmetrics = pytest.mark.skipif(not THERE, reason="needs sfbench[sdmetrics]")


@pytest.fixture(scope="module")
def sides(confidential, copy):
    return [source.read(folder, LEARNED).learned for folder in (confidential, copy)]


@pytest.fixture(scope="module")
def found(sides):
    return {figure.name: figure for figure in sdmetrics_quality.figures(*sides, {})}


@pytest.mark.skipif(THERE, reason="SDMetrics is installed")
def test_without_it_the_card_says_what_it_needs(found):
    assert list(found) == ["sdmetrics_quality"]
    missing = found["sdmetrics_quality"]
    assert (missing.value, missing.verdict) == (None, "not judged")
    assert "sfbench[sdmetrics]" in missing.en and "未安装" in missing.zh


@needs_sdmetrics
def test_its_figures_bear_its_name_and_version(found):
    import sdmetrics

    assert set(found) == {sdmetrics_quality.WHOLE, *sdmetrics_quality.PARTS.values()}
    assert all(f"SDMetrics {sdmetrics.__version__}" in line for f in found.values() for line in (f.en, f.zh))
    parts = [found[name].value for name in sdmetrics_quality.PARTS.values()]
    assert found[sdmetrics_quality.WHOLE].value == pytest.approx(np.mean(parts))


@needs_sdmetrics
def test_the_original_against_itself_is_perfect(sides):
    values = [figure.value for figure in sdmetrics_quality.figures(sides[0], sides[0], {})]
    assert values == pytest.approx([1.0] * len(values))


def narrow(table):
    """Few enough firms that all of them are looked at, and two columns."""
    return replace(table, columns=table.columns.select(["registered_capital", "ownership"]).slice(0, 4000))


@needs_sdmetrics
def test_column_shapes_are_kolmogorov_and_total_variation(sides):
    """One number and one word of one table, by SciPy and by hand."""
    few = [{"enterprise": narrow(side["enterprise"])} for side in sides]
    shapes = next(f for f in sdmetrics_quality.figures(*few, {}) if f.name == "sdmetrics_column_shapes")
    capital = [np.asarray(side["enterprise"].columns["registered_capital"].cast("double")) for side in few]
    words = [side["enterprise"].columns["ownership"].to_pylist() for side in few]
    shares = [{word: held.count(word) / len(held) for word in set(words[0]) | set(words[1])} for held in words]
    apart = sum(abs(shares[0][word] - shares[1][word]) for word in shares[0]) / 2
    assert shapes.value == pytest.approx((1 - ks_2samp(*capital).statistic + 1 - apart) / 2, abs=1e-6)


@needs_sdmetrics
def test_a_threshold_judges_them(sides):
    limits = {"sdmetrics_column_shapes": {"least": 0.999}}
    shapes = next(f for f in sdmetrics_quality.figures(*sides, limits) if f.name == "sdmetrics_column_shapes")
    assert shapes.verdict == "beyond"
