"""Worlds that many tests look at and none changes, made once a process, as polars frames in exact integers."""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl
import pyarrow as pa

import sfbench
from sfbench.content import tables as declared
from sfbench.world import blocks
from sfbench.world.plan import plan

ROOT = Path(__file__).resolve().parents[2]
SEED, TINY, TWO_BLOCKS = 7, 0.002, 0.01  # 0.01 has 7,143 firms: one whole block and one that is cut off
Frames = MappingProxyType[str, pl.DataFrame]
few = lru_cache(maxsize=3)  # a world takes a fifth of a GiB, and a link that is cut is a world of its own


def frame(table: pa.Table) -> pl.DataFrame:
    """Codes as text, money in cents, rates in 1e-5 percent: nothing rounds and nothing depends on encodings."""
    made = pl.DataFrame(pl.from_arrow(table))
    plain: list[pl.Expr] = []
    for name, kind in made.schema.items():
        if isinstance(kind, pl.Decimal):
            plain.append(pl.col(name).to_physical().cast(pl.Int64))
        elif isinstance(kind, pl.Categorical | pl.Enum):
            plain.append(pl.col(name).cast(pl.String))
    return made.with_columns(plain)


def frames(dataset: Any) -> Frames:
    """All tables of a dataset."""
    return MappingProxyType({name: frame(dataset[name]) for name in dataset})


@few
def world(scale: float = TWO_BLOCKS, seed: int = SEED, scenario: str = "baseline") -> Frames:
    """The published tables of a world."""
    return frames(sfbench.generate(scenario, scale=scale, seed=seed))


@few
def history(scale: float = TWO_BLOCKS, seed: int = SEED, scenario: str = "baseline") -> MappingProxyType[str, Any]:
    """The raw columns of all tables of the first block, unpublished ones too."""
    wish = plan(scenario, scale=scale, seed=seed)
    return MappingProxyType(blocks.make(wish, wish.block(0), blocks.prelude(wish))[0])


def key_of(table: str) -> list[str]:
    """The declared key of a table."""
    return list(declared()[table].spec.key)


def differing(a: pl.DataFrame, b: pl.DataFrame) -> list[str]:
    """Names of the columns in which two frames differ; `rows` if one is longer, `columns` if they have not the same."""
    if a.columns != b.columns:
        return ["columns"]
    if a.height != b.height:
        return ["rows"]
    return [name for name in a.columns if not a[name].equals(b[name], null_equal=True)]


def day(text: str) -> datetime.date:
    """An ISO date."""
    return datetime.date.fromisoformat(text)


def held_at(tags: list[str]) -> pl.DataFrame:
    """(enterprise_id, month) pairs of the shared world at whose month end a published, valid tag of these is held."""
    spells = world()["enterprise_tag"].filter(pl.col("tag").is_in(tags))
    pairs = spells.join_where(
        world()["month"].select("month"),
        pl.col("month") >= pl.col("valid_from"),
        pl.col("month") >= pl.col("published_on"),
        pl.col("month") <= pl.col("valid_to"),
    )
    return pairs.select("enterprise_id", "month").unique()


IN_SCOPE = ["HNTE", "TECH_SME", "SRDI", "LITTLE_GIANT", "CHAMPION", "DEMONSTRATION"]  # the definition of 2025
