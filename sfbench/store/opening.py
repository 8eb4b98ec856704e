"""Opens what a published dataset committed to: the private manifest against the public one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sfbench.errors import SfbenchError
from sfbench.store import manifest
from sfbench.store.manifest import Manifest
from sfbench.world.seal import commitment


def mismatches(public: Manifest, private: Mapping[str, Any]) -> Iterator[SfbenchError]:
    """What a private manifest says otherwise than the public one: the seed, or what a table must hold.

    A seed that was kept private has to fit, with its salt, the commitment that was published before it.
    """
    seed = private.get("seed")
    if public.seed is None:
        if commitment(int(seed or 0), str(private.get("salt", ""))) != public.seed_commitment:
            yield SfbenchError("its seed and salt do not open the commitment of the manifest")
    elif seed != public.seed:
        yield SfbenchError(f"its seed is {seed}, the manifest's {public.seed}")
    stated = private.get("observable_sha256", {})
    for name, entry in public.tables.items():
        if stated.get(name) != manifest.fingerprint({name: entry}):
            yield SfbenchError(f"it was made with another table {name!r}")
