"""The frontier of `sfbench synth`: every method on one stand-in for confidential data; prints a Markdown table.

    python benchmarks/copies.py [--scale 0.02] [--methods linked,independent] [--option sdv_hma.firms=250] [--keep DIR]

The stand-in is a generated city with another seed. A fifth of its firms is kept out. Risk is the largest lower bound
(95 %) over the attacks; fidelity and utility as `sfbench synth report` shows them. Fit and sample are in CPU-seconds of
this process. With --keep the city and the copies stay there, and one that is there is reported without being made
again. SDV's methods need `sfbench[sdv]`.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import sfbench
from sfbench import synth
from sfbench.synth.report import report

REGISTERS = ["product", "institution", "industry", "month", "district", "cluster"]
FIGURES = ("marginal", "pair", "three_way", "told_apart", "total_ratio", "top_ten_ratio", "risk_signal", "default")
FIGURES += ("plan_metrics", "method_ranks")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--scale", type=float, default=0.02)
    options.add_argument("--methods", default="linked,independent,bootstrap,marginals_dp")
    options.add_argument("--option", action="append", default=[], help="METHOD.NAME=VALUE, of a method's options")
    options.add_argument("--tables", default="enterprise,loan,loan_balance", help="what is learned")
    options.add_argument("--firms", type=int, default=3000, help="firms that attacks look at")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--keep", type=Path, help="a folder for the city and the copies")
    wish = options.parse_args()
    tables = wish.tables.split(",")
    with tempfile.TemporaryDirectory() as passing:
        folder = wish.keep or Path(passing)
        original = folder / "original"
        if not original.exists():
            sfbench.generate("baseline", scale=wish.scale, seed=wish.seed, tables=[*tables, *REGISTERS], out=original)
        print("| method | fit CPU-s | sample CPU-s | shown risk | worst attack |", " | ".join(FIGURES), "|", flush=True)
        print("|---" * (5 + len(FIGURES)), "|", sep="")
        for method in wish.methods.split(","):
            given = dict(text.removeprefix(f"{method}.").split("=", 1) for text in wish.option if method in text)
            print(line(method, given, tables, original, folder / method, wish.firms), flush=True)


def line(method: str, given: dict[str, str], tables: list[str], original: Path, out: Path, firms: int) -> str:
    times = out.with_suffix(".json")
    if not out.exists():
        times.write_text(json.dumps(made(method, given, tables, original, out)), encoding="utf-8")
    card = report(original, out, most=firms)
    value = {figure.name: figure.value for figure in card.figures}
    attacks = [figure.outcome for figure in card.figures if figure.outcome is not None]
    worst = max(attacks, key=lambda outcome: (outcome.risk_low, outcome.risk))
    spent = [f"{seconds:.0f}" for seconds in json.loads(times.read_text(encoding="utf-8"))]
    shown = ["-" if value[name] is None else f"{value[name]:.3f}" for name in FIGURES]
    return "| " + " | ".join([method, *spent, f"{worst.risk_low:.3f}", worst.attack, *shown]) + " |"


def made(method: str, given: dict[str, str], tables: list[str], original: Path, out: Path) -> list[float]:
    """CPU-seconds to fit and to sample."""
    start = time.process_time()
    model = synth.fit(original, method, tables, options=given, keep_out=0.2)
    fitted = time.process_time()
    model.write_sample(out, seed=1)
    return [fitted - start, time.process_time() - fitted]


if __name__ == "__main__":
    main()
