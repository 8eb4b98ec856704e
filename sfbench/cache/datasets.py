"""The datasets of the cache: made under another name and renamed, so that any number of processes may ask at once."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sfbench.cache.folder import VARIABLE, cache_folder
from sfbench.cache.order import Order
from sfbench.errors import SfbenchError

_MANIFEST = "manifest.json"  # written last: a folder with it is whole
_ORDER = "order.json"  # beside it: what was asked for
_MAKING = ".making-"


@dataclass(frozen=True, slots=True)
class Kept:
    """One dataset of the cache. `used` is seconds since 1970, as file systems have it."""

    path: Path
    order: dict[str, Any]
    bytes: int
    used: float


def obtain(order: Order) -> Path:
    """The folder of the dataset, made if the cache does not hold it. Raises SfbenchError for bad wishes.

    Processes that ask for the same one at the same time wait for the first (where the system has file locks), and
    never see a part of it.
    """
    home = _home() / order.key
    if not (home / _MANIFEST).is_file():
        with _locked(home.parent / f".lock-{order.key}"):
            if not (home / _MANIFEST).is_file():
                _make(order, home)
    with contextlib.suppress(OSError):  # a cache on a read-only disk only loses the time of its last use
        os.utime(home)
    return home


def kept() -> list[Kept]:
    """What the cache holds, the last used first."""
    found = []
    for path in _home(make=False).glob("[!.]*/" + _MANIFEST):
        folder = path.parent
        text = folder / _ORDER
        order = json.loads(text.read_text(encoding="utf-8")) if text.is_file() else {}
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        found.append(Kept(folder, order, size, folder.stat().st_mtime))
    return sorted(found, key=lambda one: -one.used)


def clear(unused_days: float = 0.0) -> list[Kept]:
    """Remove what was not used for that many days, and what killed processes left; says what was removed."""
    limit = time.time() - unused_days * 86400
    gone = [one for one in kept() if unused_days == 0 or one.used < limit]
    for one in gone:
        aside = one.path.with_name(f"{_MAKING}{one.path.name}-gone")
        one.path.rename(aside)  # at once, so that nobody opens half of it
        shutil.rmtree(aside)
    home = _home(make=False)
    for left in [*home.glob(f"{_MAKING}*"), *home.glob(".lock-*")]:
        if left.stat().st_mtime < min(limit, time.time() - 3600):  # an hour: nobody is at work there
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    return gone


def _home(*, make: bool = True) -> Path:
    home = cache_folder() / "datasets"
    if make:
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            fix = f"name a folder that can be written: {VARIABLE}=/path"
            raise SfbenchError("the cache folder cannot be made", where=str(home), why=str(error), fix=fix) from error
    return home


def _make(order: Order, home: Path) -> None:
    import sfbench.api as api  # numpy and pyarrow: only now

    try:
        making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=home.parent))
    except OSError as error:
        raise SfbenchError("the cache cannot be written", where=str(home.parent), why=str(error)) from error
    try:
        api.generate(
            order.scenario,
            scale=order.scale,
            seed=order.seed,
            tables=order.tables,
            as_of=order.as_of,
            content_dirs=order.content,
            out=making,
        )
        making.chmod(0o755)
        (making / _ORDER).write_text(json.dumps(order.to_json(), ensure_ascii=False, indent=1), encoding="utf-8")
        with contextlib.suppress(OSError):  # where there are no locks, another process may have been first
            making.rename(home)
        if not (home / _MANIFEST).is_file():
            raise SfbenchError(
                "the dataset cannot be moved into the cache", where=str(home), fix="check disk and rights"
            )
    finally:
        shutil.rmtree(making, ignore_errors=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # Windows: two processes may make the same dataset, and one of them throws it away
        yield
        return
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
