"""The frontier of `sfbench synth`: every method on one stand-in for confidential data; prints a Markdown table.

    python benchmarks/copies.py [--scale 0.02] [--methods linked,independent] [--firms 3000]

The stand-in is a generated city with another seed. A fifth of its firms is kept out. Risk is the largest lower bound
(95 %) over the attacks; fidelity and utility as `sfbench synth report` shows them. SDV's methods need `sfbench[sdv]`.
"""

import argparse
import tempfile
import time
from pathlib import Path

import sfbench
from sfbench import synth
from sfbench.synth.report import report

TABLES = ["enterprise", "loan", "loan_balance", "product", "institution", "industry", "month", "district", "cluster"]
FIGURES = ("marginal", "pair", "three_way", "told_apart", "total_ratio", "top_ten_ratio", "risk_signal", "default")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--scale", type=float, default=0.02)
    options.add_argument("--methods", default="linked,independent,bootstrap,marginals_dp")
    options.add_argument("--firms", type=int, default=3000, help="firms that attacks look at")
    options.add_argument("--seed", type=int, default=7)
    wish = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        original = Path(folder) / "original"
        sfbench.generate("baseline", scale=wish.scale, seed=wish.seed, tables=TABLES, out=original)
        print("| method | fit s | sample s | shown risk | worst attack |", " | ".join(FIGURES), "|", flush=True)
        print("|---" * (5 + len(FIGURES)), "|", sep="")
        for method in wish.methods.split(","):
            print(line(method, original, Path(folder) / method, wish.firms), flush=True)


def line(method: str, original: Path, out: Path, firms: int) -> str:
    start = time.perf_counter()
    model = synth.fit(original, method, ["enterprise", "loan", "loan_balance"], keep_out=0.2)
    fitted = time.perf_counter()
    model.write_sample(out, seed=1)
    sampled = time.perf_counter()
    card = report(original, out, most=firms)
    value = {figure.name: figure.value for figure in card.figures}
    attacks = [figure.outcome for figure in card.figures if figure.outcome is not None]
    worst = max(attacks, key=lambda outcome: (outcome.risk_low, outcome.risk))
    times = [f"{fitted - start:.0f}", f"{sampled - fitted:.0f}"]
    shown = ["-" if value[name] is None else f"{value[name]:.3f}" for name in FIGURES]
    return "| " + " | ".join([method, *times, f"{worst.risk_low:.3f}", worst.attack, *shown]) + " |"


if __name__ == "__main__":
    main()
