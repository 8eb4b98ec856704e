"""What people write for rows that every city has alike: a district's name or area code, a cluster's code or name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from sfbench.kit import vocabulary
from sfbench.spec import Column

_KINDS = ("特别合作区", "新区", "区")  # at the end of a district's name


def labels(column: Column) -> Mapping[str, int]:
    """Label in lower case -> key, for a column that refers to districts or clusters; others have none."""
    names = {"district.district_id": _districts, "cluster.cluster_id": _clusters}.get(column.references)
    return names() if names else {}


@cache
def _districts() -> Mapping[str, int]:
    numbers = [int(number) for number in vocabulary("district", "district_id")]
    zh, en = vocabulary("district", "name_zh"), vocabulary("district", "name_en")
    short = [next(name.removesuffix(kind) for kind in _KINDS if name.endswith(kind)) for name in zh]
    names = [zh, en, [f"深圳市{name}" for name in zh], short]
    return {**_unique((texts, numbers) for texts in names), **_areas(numbers)}


def _areas(numbers: Iterable[int]) -> Mapping[str, int]:
    """By area code: 440307 is Longgang, in which Dapeng lies."""
    rows = zip(vocabulary("district", "is_gb_unit"), vocabulary("district", "area_code"), numbers, strict=True)
    return {code: number for _, code, number in sorted(rows)}  # a unit of GB/T 2260 comes last, and stays


@cache
def _clusters() -> Mapping[str, int]:
    """By code, and by name where one version alone has it: elsewhere a name does not say which list is meant."""
    columns = [vocabulary("cluster", name) for name in ("cluster_code", "name_zh", "name_en")]
    return _unique([(names, range(1, len(names) + 1)) for names in columns])


def _unique(known: Iterable[tuple[Iterable[str], Iterable[int]]]) -> Mapping[str, int]:
    pairs = {(text.casefold(), number) for texts, numbers in known for text, number in zip(texts, numbers, strict=True)}
    count = Counter(text for text, _ in pairs)
    return {text: number for text, number in sorted(pairs) if count[text] == 1}
