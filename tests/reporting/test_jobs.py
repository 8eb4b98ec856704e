"""Faults are planted alike whatever the number of processes."""

import json

import sfbench
from tests.world.shared import SEED, TWO_BLOCKS


def hashes(folder):
    """Logical hashes of every table, and the bytes of the labels."""
    tables = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
    labels = (folder / "truth" / "labels.parquet").read_bytes()
    return {name: table["columns"] for name, table in tables.items()}, labels


def test_two_processes_plant_what_one_plants(tmp_path):
    for jobs in (1, 2):
        sfbench.generate("dirty_feeds", scale=TWO_BLOCKS, seed=SEED, jobs=jobs, out=tmp_path / f"by-{jobs}")
    one, two = hashes(tmp_path / "by-1"), hashes(tmp_path / "by-2")
    assert one == two
