"""The data that a release makes are the data that the last one made, on every machine."""

import json

from tests.world.golden import GOLDEN, hashes


def test_a_tiny_world_has_the_golden_fingerprints(tmp_path):
    golden, found = json.loads(GOLDEN.read_text(encoding="utf-8"))["tables"], hashes(tmp_path / "out")
    changed = [
        f"{table}.{column}"
        for table in sorted({*golden, *found})
        for column in sorted({*golden.get(table, {}), *found.get(table, {})})
        if golden.get(table, {}).get(column) != found.get(table, {}).get(column)
    ]
    renew = "`python -m tests.world.golden` renews them, if the change is meant"
    assert not changed, f"{', '.join(changed)} are not what they were; {renew}"
