"""`sfbench verify`: a dataset against its manifest."""

from __future__ import annotations

import dataclasses

import typer

from sfbench.cli import options as o
from sfbench.cli.failure import FINDINGS
from sfbench.cli.say import print_json, print_table, waiting


def verify(path: o.Dataset, opening: o.Opening = None, as_json: o.Json = False) -> None:
    """Compare every file with the manifest.

    Presence, size, SHA-256 and every value, and whether the private manifest opens the commitment to the seed; exits
    with 1 if anything differs, with 2 if there is no dataset.
    """
    from sfbench.store.verify import verify as run

    with waiting("comparing"):
        found = run(path, opening)
    if as_json:
        print_json([dataclasses.asdict(finding) for finding in found])
    elif found:
        rows = [(f.severity, f.file or f.table, f.column, f.message) for f in found]
        print_table(("severity", "file", "column", "finding"), rows)
        print(f"{path}: {len(found)} findings")
    else:
        print(f"{path}: every file is as the manifest says")
    if found:
        raise typer.Exit(FINDINGS)
