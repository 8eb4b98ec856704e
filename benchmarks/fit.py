"""Fit the fitted tables of datasets/calibration/ to the published figures: offline, never while generating.

    python benchmarks/fit.py [--scale 0.2] [--seeds 4] [--rounds 4] [--only demand,rates,trade,npl,aggregates]

Each round generates worlds, takes the mean over seeds, and moves every path by the ratio of target to model. A balance
follows demand with a lag, so a knot is judged by the balance half a year after it.
"""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

import numpy as np

from sfbench.kit import calibration, month_of, vocabulary_numbers
from sfbench.world import blocks
from sfbench.world.plan import plan

HERE = Path(__file__).parent.parent / "datasets" / "calibration"
WINDOW, MONTHS, LAG = 2022 * 12, 72, 6
DAMPING = 0.7  # without it the lag makes the rounds swing
CLASSES = calibration("firm_class", "class")
GROUPS = {
    "A_large": ["tech_large"],
    "A_medium": ["tech_medium"],
    "A_small": ["tech_small"],
    "A_micro": ["tech_micro", "tech_startup"],
    "A_out": ["out_medium"],
    "use": ["use_large", "use_medium", "use_small"],
    **{f"other_{size}": [f"other_{size}"] for size in ("large", "medium", "small", "micro")},
}
RATES = {"2024-03": 3.50, "2024-06": 3.37, "2024-12": 3.02, "2025-03": 2.79, "2025-06": 2.85, "2025-12": 2.55}
GREEN = {"2023-06": 8255.0, "2024-06": 10600.0, "2025-03": 12700.0, "2025-06": 13000.0, "2025-12": 13700.0}
MANUFACTURING, DIGITAL = ("2024-06", 12000.0), ("2025-06", 13000.0)
NEV_YOY = ("2023-03", 1.65)


def number(month: str) -> int:
    """Month number of YYYY-MM."""
    year, part = month.split("-")
    return int(year) * 12 + int(part) - 1


def collect(scale: float, seed: int) -> dict[str, np.ndarray]:
    """Monthly sums (CNY 100m at scale 1) by class, and by the flags that are fitted to."""
    wish = plan("baseline", scale=scale, seed=seed, tables=("loan", "loan_balance", "bank_month"))
    small, n = blocks.prelude(wish), len(CLASSES)
    names = ("all", "tech", "tech_use", "npl", "nev", "manufacturing", "digital", "green", "drawn", "cost")
    sums = {name: np.zeros((n, MONTHS)) for name in names}
    nev = vocabulary_numbers("industry", "nev_chain") == 1
    for index in range(wish.blocks):
        made, states = blocks.make(wish, wish.block(index), small)
        reports = states["bank_month"]["sums"].reshape(*states["bank_month"]["sums"].shape[:2], -1, MONTHS).sum(-2)
        sums["reports"] = sums.get("reports", 0) + reports / 1e10 / scale  # (version, item, month)
        note, rows, loan = made["note"], made["loan_balance"], made["loan"]
        at, cls = rows["_note"], made["firm_state"]["class"][note["row"]]
        cell = cls[at] * MONTHS + rows["_month"]
        amount = rows["balance_rmb"] / 1e10 / scale
        tech, use = rows["tech_enterprise"], note["tech_use"][at]
        masks = {
            "all": slice(None),
            "tech": tech,
            "tech_use": use & ~tech,
            "npl": rows["grade"] >= 2,
            "nev": nev[note["use"][at]],
            "manufacturing": loan["manufacturing"][at],
            "digital": loan["digital"][at],
            "green": note["green"][at],
        }
        for name, mask in masks.items():
            sums[name] += np.bincount(cell[mask], amount[mask], n * MONTHS).reshape(n, MONTHS)
        month = month_of(note["granted_on"]) - WINDOW
        drawn = (month >= 0) & (month < MONTHS) & ~note["usd"]
        cell, amount = (cls * MONTHS + month)[drawn], note["amount"][drawn] / 1e10 / scale
        sums["drawn"] += np.bincount(cell, amount, n * MONTHS).reshape(n, MONTHS)
        sums["cost"] += np.bincount(cell, amount * note["rate"][drawn] / 1e5, n * MONTHS).reshape(n, MONTHS)
    return sums


def groups(sums: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Balances by group of fit_targets.csv, monthly."""
    of = {c: i for i, c in enumerate(CLASSES)}
    out = {}
    for group, classes in GROUPS.items():
        rows = [of[c] for c in classes]
        out[group] = sums["tech" if group.startswith("A_") else "all"][rows].sum(0)
    tech_rows = [i for i, c in enumerate(CLASSES) if c.startswith(("tech", "out"))]
    out["use"] = out["use"] + sums["tech_use"][tech_rows].sum(0)  # untagged tech firms' use counts here
    return out


def fit_demand(sums: dict[str, np.ndarray]) -> None:
    """Move each class's demand path by target / model of its group."""
    head, names, rows = read("demand_path")
    months = [number(row[0]) for row in rows]
    model = groups(sums)
    knots = [number(m) for m in calibration("fit_targets", "month")]
    for group, classes in GROUPS.items():
        target = np.interp(
            np.arange(WINDOW, WINDOW + MONTHS), knots, [float(x) for x in calibration("fit_targets", group)]
        )
        ratio = target / model[group]
        for row, month in zip(rows, months, strict=True):
            place = int(np.clip(month + LAG - WINDOW, 3, MONTHS - 1))
            near = ratio[max(place - 2, 0) : place + 3].mean() ** DAMPING
            for c in classes:
                row[names.index(c)] = f"{float(row[names.index(c)]) * near:.5g}"
    write("demand_path", head, names, rows)


def fit_rates(sums: dict[str, np.ndarray]) -> None:
    """Shift the market spread at the published months, and before and after them alike."""
    head, names, rows = read("rate_spread")
    model = sums["cost"].sum(0) / sums["drawn"].sum(0)
    shift = {number(m): value - model[number(m) - WINDOW] for m, value in RATES.items()}
    for row in rows:
        row[1] = f"{float(row[1]) + np.interp(number(row[0]), list(shift), list(shift.values())):.4f}"
    write("rate_spread", head, names, rows)


def fit_trade(sums: dict[str, np.ndarray]) -> None:
    """Move manufacturing and digital demand by one factor each, green by month, the NEV path before 2022-09."""
    head, names, rows = read("trade_path")
    # Shares of all notes, not levels: the levels follow when demand is fitted.
    wanted = sum(np.interp(np.arange(WINDOW, WINDOW + MONTHS), [number(m) for m in calibration("fit_targets", "month")],
                           [float(x) for x in calibration("fit_targets", g)]) for g in GROUPS)  # fmt: skip
    scale = wanted / sum(groups(sums).values())
    making = MANUFACTURING[1] / (sums["manufacturing"].sum(0) * scale)[number(MANUFACTURING[0]) - WINDOW]
    digital = DIGITAL[1] / (sums["digital"].sum(0) * scale)[number(DIGITAL[0]) - WINDOW]
    nev = sums["nev"].sum(0)
    at = number(NEV_YOY[0]) - WINDOW
    faster = NEV_YOY[1] / (nev[at] / nev[at - 12])
    green = {number(m): v / (sums["green"].sum(0) * scale)[number(m) - WINDOW] for m, v in GREEN.items()}
    for row in rows:
        month = number(row[0])
        for place, name in enumerate(names):
            factor = 1.0
            if name.endswith("manufacturing"):
                factor = making
            elif name.endswith("digital_service"):
                factor = digital**2 if name.startswith("tech") else 1.0  # half of digital lending does not follow
            elif name == "nev_chain" and month < number("2022-09"):
                factor = 1 / faster
            elif name == "green":
                factor = float(np.interp(month + LAG, list(green), list(green.values())))
            row[place] = row[place] if place == 0 else f"{float(row[place]) * factor:.4g}"
    write("trade_path", head, names, rows)


def fit_npl(sums: dict[str, np.ndarray]) -> None:
    """Move the chance of distress by target / model NPL ratio (mean of 2024-2026, as defaults are few)."""
    targets = {
        "tech_large": 0.5, "tech_medium": 1.2, "tech_small": 2.6, "tech_micro": 4.2, "tech_startup": 4.2,
        "out_medium": 1.4,
        "use_large": 0.7, "use_medium": 1.1, "use_small": 1.9,
        "other_large": 1.5, "other_medium": 2.1, "other_small": 2.9, "other_micro": 3.6,
    }  # fmt: skip
    head, names, rows = read("firm_class")
    for row in rows:
        i = CLASSES.index(row[0])
        ratio = 100 * sums["npl"][i, 24:60].sum() / sums["all"][i, 24:60].sum()
        place = names.index("distress")
        row[place] = f"{float(row[place]) * float(np.clip((targets[row[0]] / max(ratio, 0.05)) ** 0.8, 0.6, 1.7)):.4f}"
    write("firm_class", head, names, rows)


ITEMS = (
    "enterprise_loans", "tech_loans", "tech_enterprise_loans", "tech_industry_loans", "green_loans", "inclusive_loans",
    "manufacturing_loans", "manufacturing_long_term_loans", "digital_loans", "npl_loans",
)  # fmt: skip
VERSIONS = ("2024", "2025")


def fit_aggregates(sums: dict[str, np.ndarray]) -> None:
    """Write bank_aggregate.csv: the parts without notes that bring the means of the model to the published levels."""
    months = np.arange(WINDOW - 1, WINDOW + MONTHS)
    paths: dict[str, np.ndarray] = {}
    rows = list(zip(*(calibration("aggregate_targets", c) for c in ("path", "month", "value", "kind")), strict=True))
    for path in dict.fromkeys(row[0] for row in rows):
        item, _, version = (path + "..").split(".")[:3]
        knots, others = [], []
        for _, month, value, kind in (row for row in rows if row[0] == path):
            at = min(max(number(month) - WINDOW, 0), MONTHS - 1)
            notes = 0.0
            if kind == "level" and item == "all_loans":
                notes = sums["reports"][1, 0, at] + sum(
                    paths[p][at + 1] for p in ("bill_loans", "overseas_loans", "non_bank_loans")
                )
            elif kind in ("level", "before"):
                notes = sums["reports"][VERSIONS.index(version), ITEMS.index(item), at]
            if kind == "before":
                value = sums["reports"][1, ITEMS.index(item), at + 12] / (1 + float(value) / 100)
            knots.append(number(month))
            others.append(max(float(value) - notes, 0.0))
        paths[path] = np.interp(months, knots, others)
    paths["household_loans"] = paths.pop("all_loans")
    # One published point: the old scope's surplus is the same share of its notes in every month.
    notes = sums["reports"][0, ITEMS.index("tech_loans")]
    share = paths["tech_loans.PBOC.2024"][0] / notes[number("2024-09") - WINDOW]
    paths["tech_loans.PBOC.2024"] = share * np.concatenate((notes[:1], notes))
    lines = ["# source: benchmarks/fit.py from aggregate_targets.csv: levels less the model's mean of loan notes"]
    lines += [
        "# source_zh: benchmarks/fit.py据aggregate_targets.csv计算：公布水平减模型借据均值",
        "# licence: Apache-2.0 (own compilation)",
        "# note: CNY 100m at scale 1, parts without loan notes; `item.scope.version` is for one scope, `item` for all",
    ]
    lines.append("month," + ",".join(paths))
    for i, month in enumerate(months):
        lines.append(f"{month // 12}-{month % 12 + 1:02d}," + ",".join(f"{p[i]:.1f}" for p in paths.values()))
    (HERE / "bank_aggregate.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(name: str) -> tuple[list[str], list[str], list[list[str]]]:
    """Comment lines, header, rows of a calibration file as they stand on disk."""
    lines = (HERE / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    body = list(csv.reader(line for line in lines if not line.startswith("#")))
    return [line for line in lines if line.startswith("#")], body[0], body[1:]


def write(name: str, head: list[str], names: list[str], rows: list[list[str]]) -> None:
    """The file back, with its comment lines."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([names, *rows])
    (HERE / f"{name}.csv").write_text("\n".join(head) + "\n" + out.getvalue(), encoding="utf-8")


def forget() -> None:
    """Drop what the process has read of the calibration files."""
    import sfbench.folders as folders
    import sfbench.kit as kit

    for cached in (folders.read_csv, kit.calibration, kit.calibration_numbers, kit.monthly, kit._column):
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--first", type=int, default=1000, help="first seed")
    parser.add_argument("--only", default="demand,rates,trade,npl")
    wish = parser.parse_args()
    steps = {"demand": fit_demand, "rates": fit_rates, "trade": fit_trade, "npl": fit_npl, "aggregates": fit_aggregates}
    for turn in range(wish.rounds):
        worlds = [collect(wish.scale, wish.first + seed) for seed in range(wish.seeds)]
        sums = {name: np.mean([w[name] for w in worlds], axis=0) for name in worlds[0]}
        model, at = groups(sums), number("2025-12") - WINDOW
        print(
            f"round {turn}:",
            {g: f"{v[12]:.0f} {v[30]:.0f} {v[at]:.0f} {v[-1]:.0f}" for g, v in model.items()},
            flush=True,
        )
        for name in wish.only.split(","):
            steps[name](sums)
        forget()


if __name__ == "__main__":
    main()
