"""Rows that lie nearer to a learned row than nearly all held-out rows do, and nearer than to any held-out row."""

from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.bench.kit import Frame, Method, Scale, nearest

METHOD = Method(
    zh="与训练行最近距离(留出对照)",
    en="Distance to learned rows, held-out rows as control",
    task="synthesiser_quality",
    question="copied_notes",
    source="Platzer and Reutterer 2021 on holdout-based distances; the tail in place of the mean: design S24",
    source_zh="Platzer和Reutterer 2021论留出距离；以尾部代替均值：设计文档S24",
)

TAIL = 0.002
NUMBERS = ("amount", "tenor_months", "rate", "quarter")


def answer(con, card):
    """The score is how much nearer a learned row is than a held-out one; the verdict asks for the tail as well."""
    frames = {name: frame(con, name) for name in ("learned", "held_out", "synthetic")}
    scale = Scale.of(frame(con, "(FROM learned UNION ALL FROM held_out)"))
    learned, held_out, synthetic = (scale.points(frames[name]) for name in frames)
    own, other = (nearest(synthetic, points)[0][:, 0] for points in (learned, held_out))
    usual = np.quantile(nearest(held_out, learned)[0][:, 0], TAIL)
    rows = np.asarray(con.execute('SELECT "row" FROM synthetic ORDER BY "row"').fetchnumpy()["row"])
    return pa.table(
        {"row": rows, "score": (other - own) / (other + own + 1e-9), "flagged": (own <= usual) & (own < other)}
    )


def frame(con: Any, name: str) -> Frame:
    """A file as numbers and words, the synthetic one in order of its rows."""
    order = 'ORDER BY "row"' if name == "synthetic" else ""
    found = con.execute(f"SELECT * FROM {name} {order}").fetchnumpy()
    numbers = {n: np.asarray(found[n], np.float64) for n in NUMBERS}
    return Frame(numbers, {n: np.asarray(c, np.str_) for n, c in found.items() if n not in (*NUMBERS, "row")})
