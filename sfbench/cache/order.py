"""What is asked of the cache: a dataset by its wishes. Nothing heavy is imported, so a kept one is found at once."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sfbench.folders import BUILT_IN, PACKAGE
from sfbench.version import __version__

# What shapes the data: the kernel up to the engines, and content. Metrics, suites and the command line do not.
_CODE = ("spec", "draws", "content", "world", "reporting", "store", "engines", "kit.py", "folders.py")
_CONTENT = ("generators", "scenarios", "datasets")
_SUFFIXES = (".py", ".csv", ".yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The wishes of a dataset, as `sfbench generate` has them. `tables` None means all."""

    scenario: str = "baseline"
    scale: float | str = "tiny"
    seed: int = 0
    tables: tuple[str, ...] | None = None
    as_of: str | None = None
    content: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """32 hexadecimal digits that change with a wish, with the code and with the content that shape the data."""
        wishes = asdict(self) | {"tables": None if self.tables is None else sorted(set(self.tables))}
        own = Path(self.scenario)
        scenario = own.read_bytes() if own.suffix == ".yaml" and own.is_file() else b""
        facts = [wishes, hashlib.sha256(scenario).hexdigest(), *map(_folder_digest, self.content), _built_in_digest()]
        return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()[:32]

    def command(self, out: str = "city") -> str:
        """The command line that makes the same data."""
        words = ["sfbench", "generate", self.scenario, "--scale", str(self.scale), "--seed", str(self.seed)]
        words += ["--tables", ",".join(self.tables)] if self.tables else []
        words += ["--as-of", self.as_of] if self.as_of else []
        for folder in self.content:
            words += ["--content", folder]
        return shlex.join([*words, "--out", out])

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {"sfbench": __version__}


def seed_of(text: str) -> int:
    """A seed from a name, such as the node id of a test: the same on every machine, below 2**31."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1


@cache
def _built_in_digest() -> str:
    digest = hashlib.sha256(__version__.encode())
    for root, names in ((PACKAGE, _CODE), (BUILT_IN, _CONTENT)):
        for name in names:
            _add(digest, root, root / name)
    return digest.hexdigest()


def _folder_digest(folder: str) -> str:
    digest = hashlib.sha256()
    _add(digest, Path(folder), Path(folder))
    return digest.hexdigest()


def _add(digest: Any, root: Path, place: Path) -> None:
    for path in _files(place):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    yield from (path for path in sorted(place.rglob("*")) if path.suffix in _SUFFIXES)
