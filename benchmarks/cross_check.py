"""Our three attacks of WP216 beside those of anonymeter, on the same firms and copies; prints a Markdown table.

    python benchmarks/cross_check.py frames DIR        # where sfbench[synth] is: firms as Parquet, our figures
    python benchmarks/cross_check.py anonymeter DIR    # where anonymeter is: its figures beside ours

anonymeter 1.1 asks for numpy below 1.27 and pyarrow below 22, so it has an environment of its own: `pip install
numpy 'pandas<3' pyarrow scikit-learn joblib numba polars`, then `pip install --no-deps anonymeter` (runs on numpy 2).
Nulls of numbers are -1 for both. Copies: another seed of the city, drawn firms with
replacement, every number moved by 2 %, and a copy by `linked`.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

TABLES = ["enterprise", "loan", "loan_balance", "product", "institution", "industry", "month", "district", "cluster"]
LEARNED = TABLES[:3]
ATTACKS = ("singling_out", "linkability", "attribute_inference")
TRIES, COLUMNS, SEED = 500, 4, 5


def frames(out: Path) -> None:
    """Parquet files of learned, held-out and copied firms, and ours.json."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    import sfbench
    from sfbench import privacy, synth
    from sfbench.synth import source

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        original, other, linked = (Path(passing) / name for name in ("original", "other", "linked"))
        for folder, seed in ((original, 71), (other, 72)):
            sfbench.generate("baseline", scale=0.01, seed=seed, tables=TABLES, out=folder)
        synth.fit(original, "linked", LEARNED, keep_out=0.4).write_sample(linked, seed=1)
        train, unseen = (
            filled(privacy.firms(source.read(original, LEARNED, keep_out=0.4, kept=kept).learned))
            for kept in (False, True)
        )
        drawn = np.random.default_rng(SEED).integers(0, train.rows, train.rows)
        copies = {
            "another seed": filled(privacy.firms(source.read(other, LEARNED).learned)),
            "linked": filled(privacy.firms(source.read(linked, LEARNED).learned)),
            "bootstrap": train.take(drawn),
            "2 % noise": noisy(train),
        }
        shared = [name for name in train.columns if all(name in copy.columns for copy in copies.values())]
        ours = {}
        for name, copy in copies.items():
            case = privacy.case(train.only(shared), unseen.only(shared), copy.only(shared), seed=SEED)
            ours[name] = [one.record() for one in privacy.attacked(case, ATTACKS)]
            for part in ("train", "holdout", "copy"):
                frame = getattr(case, part)
                pq.write_table(pa.table({**frame.numbers, **frame.words}), out / f"{name}.{part}.parquet")
    (out / "ours.json").write_text(json.dumps(ours), encoding="utf-8")


def filled(frame):
    """Nulls of numbers as -1: anonymeter's distances know none."""
    return type(frame)({name: np.nan_to_num(column, nan=-1.0) for name, column in frame.numbers.items()}, frame.words)


def noisy(frame):
    """Every number that is no code, moved by 2 % of itself (a normal draw)."""
    random = np.random.default_rng(SEED)
    moved = {
        name: column * (1 + 0.02 * random.standard_normal(len(column))) if len(np.unique(column)) > 100 else column
        for name, column in frame.numbers.items()
    }
    return type(frame)(moved, frame.words)


def anonymeter(out: Path) -> None:
    """The table."""
    ours = json.loads((out / "ours.json").read_text(encoding="utf-8"))
    print("| copy |", " | ".join(f"{name}: ours | anonymeter" for name in ATTACKS), "|")
    print("|---" * (1 + 2 * len(ATTACKS)), "|", sep="")
    for name, records in ours.items():
        by_attack = {record["attack"]: record for record in records}
        cells = []
        for attack, theirs in zip(ATTACKS, risks(out, name), strict=True):
            mine = by_attack[attack]
            cells += [
                f"{mine['risk']:.3f} ({mine['risk_low']:.3f})",
                f"{theirs[0]:.3f} [{theirs[1]:.3f}, {theirs[2]:.3f}]",
            ]
        print("| " + " | ".join([name, *cells]) + " |", flush=True)


def risks(out: Path, name: str):
    """(risk, low, high) of singling out, linkability, inference (mean of four amounts), as anonymeter has it."""
    import pandas as pd
    from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator

    train, control, copy = (pd.read_parquet(out / f"{name}.{part}.parquet") for part in ("train", "holdout", "copy"))
    np.random.seed(SEED)  # two of the three take no seed of their own
    single = SinglingOutEvaluator(train, copy, n_attacks=TRIES, n_cols=COLUMNS, control=control, seed=SEED)
    yield shown([single.evaluate(mode="multivariate")])
    halves = list(train.columns[::2]), list(train.columns[1::2])
    link = LinkabilityEvaluator(train, copy, aux_cols=halves, n_attacks=TRIES, n_neighbors=3, control=control)
    yield shown([link.evaluate(n_jobs=1)])
    numbers = train.select_dtypes("number")
    secrets = sorted(numbers, key=lambda column: (-numbers[column].nunique(), column))[:4]
    found = []
    for secret in secrets:
        known = [column for column in train.columns if column.partition(",")[0] != secret.partition(",")[0]]
        about = {"aux_cols": known, "secret": secret, "regression": True, "n_attacks": TRIES, "control": control}
        found.append(InferenceEvaluator(train, copy, **about).evaluate(n_jobs=1))
    yield shown(found)


def shown(evaluators) -> tuple[float, float, float]:
    """Means of risk and its 95 % interval."""
    found = [evaluator.risk(confidence_level=0.95) for evaluator in evaluators]
    return tuple(float(np.mean(side)) for side in zip(*((one.value, *one.ci) for one in found), strict=True))


if __name__ == "__main__":
    {"frames": frames, "anonymeter": anonymeter}[sys.argv[1]](Path(sys.argv[2]))
