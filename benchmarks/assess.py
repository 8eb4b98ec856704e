"""Measure the uncertainty analysis of `sfbench assess` on a panel of 60 banks, 40 indicators and 8 quarters.

    python benchmarks/assess.py            # 1,000 replicates of quick steps, then of benefit of the doubt and of Kemeny

The panel is drawn at random, with gaps. The method varies imputation, outliers, normalisation, weights and aggregation,
720 pipelines in all. A pipeline that is drawn again is not assessed again, unless weights are scattered; what one
pipeline costs stands beside.
"""

from __future__ import annotations

import argparse
import os
import time

import numpy as np

from sfbench.assess import Indicator, Method, Panel, Step
from sfbench.assess.chain import run
from sfbench.assess.pipelines import Pipelines, factors_of
from sfbench.assess.uncertainty import monte_carlo

BANKS, INDICATORS, QUARTERS, PILLARS = 60, 40, 8, 5
QUICK = {
    "missing": (Step("median"), Step("peer_median"), Step("worst_observed")),
    "outliers": (
        Step("none"),
        Step("winsorise_count", {"k": 2}),
        Step("winsorise_skew_kurtosis", {"skewness": 2.0, "kurtosis": 3.5, "at_most": 5}),
    ),
    "normalise": (Step("min_max"), Step("percentile"), Step("rank"), Step("goalposts", {"cap": True})),
    "weights": (
        Step("equal"),
        Step("hierarchical_equal"),
        Step("entropy", {"of": "normalised"}),
        Step("critic"),
    ),
    "aggregate": (
        Step("arithmetic"),
        Step("geometric", {"floor": 0.01}),
        Step("harmonic", {"floor": 0.01}),
        Step("borda"),
        Step("copeland", {"level": "half"}),
    ),
}


def panel(seed: int = 1) -> Panel:
    """Banks that differ in quality, indicators that show it with noise, one figure in thirty missing."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(size=(BANKS, 1, 1))
    values = np.exp(0.5 * quality + rng.normal(size=(BANKS, QUARTERS, INDICATORS)))
    values[rng.random(values.shape) < 1 / 30] = np.nan
    names = tuple(f"b{n}" for n in range(BANKS))
    return Panel(
        units=names,
        names=names,
        groups=tuple(f"g{n % 4}" for n in range(BANKS)),
        periods=tuple(f"p{n}" for n in range(QUARTERS)),
        indicators=tuple(f"i{n}" for n in range(INDICATORS)),
        values=values,
    )


def method(choices: dict[str, tuple[Step, ...]], spread: float) -> Method:
    """The first choice of each step is the method's own, the others are its alternatives."""
    indicators = {
        f"i{n}": Indicator(
            zh="指标",
            en="indicator",
            metric="m",
            component="c",
            cut="bank",
            direction="up" if n % 4 else "down",
            role="scored",
            pillar=f"p{min(n // 4, PILLARS - 1)}",
            period=Step("mean", {"periods": 4}),
            transform=Step("none"),
            goalposts=(0.0, 10.0),
        )
        for n in range(INDICATORS)
    }
    return Method(
        name="benchmark",
        title_zh="测速",
        title_en="benchmark",
        caption="c",
        source="s",
        confidence="low",
        official=False,
        period="quarter",
        indicators=indicators,
        empty=Step("refuse"),
        peers=Step("together"),
        bands=Step("none"),
        exclude=(),
        adjust=(),
        veto=(),
        weight_spread=spread,
        alternatives={step: others for step, (_, *others) in choices.items()},
        **{step: own for step, (own, *_) in choices.items()},
    )


def measure(name: str, choices: dict[str, tuple[Step, ...]], replicates: int, spread: float = 0.0) -> None:
    """Prints a row: wall and CPU-seconds, different pipelines, and the mean cost of one."""
    own, data = method(choices, spread), panel()
    begun, cpu = time.perf_counter(), time.process_time()
    found = monte_carlo(own, data, replicates=replicates, seed=1)
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    pipelines = Pipelines(own, data, factors_of(own))
    draws = np.random.default_rng(2).integers(0, [len(f.choices) for f in pipelines.factors], (20, len(choices)))
    begun = time.perf_counter()
    for choice in draws.tolist():
        run(pipelines.chosen(tuple(choice)), data)
    each = (time.perf_counter() - begun) / len(draws)
    told = f"{found.pipelines} pipelines, {1000 * each:.1f} ms each, {len(found.failed)} failed"
    print(f"| {name} | {wall:.1f} s wall ({cpu:.1f} CPU-s; {told}) |", flush=True)
    for refused in found.refused:
        print(f"  refused: {refused.step} {refused.choice}")


def main() -> None:
    """The rows; the load of the machine stands above them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=1000)
    count = parser.parse_args().replicates
    print(f"load {os.getloadavg()[0]:.1f}")
    measure(f"{count:,} replicates, {BANKS} banks x {INDICATORS} indicators", QUICK, count)
    measure(f"{count:,} replicates, weights scattered in each", QUICK, count, spread=0.25)
    some = QUICK | {"aggregate": QUICK["aggregate"][:1], "weights": QUICK["weights"][:1]}
    doubt = some | {"weights": (Step("equal"), Step("bod", {"low": 0.0, "high": 0.2}))}
    measure(f"{count:,} replicates with benefit of the doubt", doubt, count)
    measure(f"{count:,} replicates with Kemeny", some | {"aggregate": (Step("arithmetic"), Step("kemeny"))}, count)


if __name__ == "__main__":
    main()
