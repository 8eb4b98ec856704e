"""Golden fingerprints: the logical hash of every column of a small world.

They change only when someone means to change the data. `python -m tests.world.golden` renews `golden.json`; say in the
commit which columns changed and why.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import sfbench
from tests.world.shared import SEED

GOLDEN = Path(__file__).with_name("golden.json")


def hashes(folder: Path) -> dict[str, dict[str, str]]:
    """Table -> rows and the hash of each column, of a dataset on disk."""
    made = sfbench.generate(scale="tiny", seed=SEED, out=folder).manifest
    assert made is not None
    return {
        name: {"rows": str(entry.rows)} | dict(sorted(entry.columns.items()))
        for name, entry in sorted(made.tables.items())
    }


def renew() -> None:
    """Write `golden.json` anew."""
    with tempfile.TemporaryDirectory() as folder:
        record = {"scale": "tiny", "seed": SEED, "tables": hashes(Path(folder) / "out")}
    GOLDEN.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    renew()
