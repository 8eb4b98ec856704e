"""What a cache takes over is what was kept of the same files, by the same code, at the look that is told of it."""

from __future__ import annotations

import datetime
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from metrics.kept import evaluated, same
from sfbench.metrics import catalogue, evaluate
from sfbench.metrics.cache import Cache, last_month, look_at
from sfbench.metrics.cache import cache as cache_module
from sfbench.metrics.cache import entry as entry_module
from sfbench.metrics.cache.entry import digest
from sfbench.metrics.catalogue import Catalogue
from sfbench.spec import Table
from sfbench.store import manifest
from sfbench.store.manifest import TableEntry
from sfbench.store.read import open_dataset, present_files, published

LOANS, CLAIMS = ["tech_loan_balance"], ["guarantee_claim_rate"]  # of other marts


def test_what_an_evaluation_does_not_ask_for_grows_no_newer_by_it(world: Path, tmp_path: Path) -> None:
    """Figures and marts that it leaves as they are keep the look at which they were made."""
    evaluated(world, "2024-10-31", LOANS, tmp_path / "cache")
    evaluated(world, "2024-11-30", CLAIMS, tmp_path / "cache")
    found = evaluated(world, "2024-11-30", LOANS, tmp_path / "cache")
    assert pc.max(found["period"]).as_py() == datetime.date(2024, 11, 30)


def test_one_damaged_file_of_several_is_noticed(world: Path, tmp_path: Path) -> None:
    for day in ("2024-09-30", "2024-10-31"):
        evaluated(world, day, LOANS, tmp_path / "cache")
    files = sorted((tmp_path / "cache").glob("loan_month-*.parquet"), key=lambda path: path.stat().st_size)
    assert len(files) == 2
    rows = pq.read_table(files[0])
    pq.write_table(rows.slice(0, rows.num_rows // 2), files[0])
    evaluated(world, "2024-11-30", LOANS, tmp_path / "cache")


def test_a_cache_of_another_version_is_begun_anew(world: Path, tmp_path: Path, computed: list[str]) -> None:
    """Its record may be of any form, and may name metrics and marts that there are no more."""
    cache = tmp_path / "cache"
    evaluated(world, "2024-10-31", LOANS, cache)
    record = json.loads((cache / "cache.json").read_text(encoding="utf-8"))
    for entries in (record["metrics"], record["marts"]):
        entries["gone"] = next(iter(entries.values()))
    (cache / "cache.json").write_text(json.dumps(record), encoding="utf-8")
    computed.clear()
    evaluated(world, "2024-10-31", CLAIMS, cache)
    evaluated(world, "2024-10-31", LOANS, cache)
    assert computed == [*CLAIMS, *CLAIMS, *LOANS]  # with the cache and in full, and then in full only
    (cache / "cache.json").write_text(json.dumps({"format": cache_module.FORMAT - 1, "kept": []}), encoding="utf-8")
    evaluated(world, "2024-10-31", LOANS, cache)


def with_sql(known: Catalogue, name: str, old: str, new: str) -> Catalogue:
    """The catalogue, where the query of a metric or a mart has another word."""
    kind = "metrics" if name in known.metrics else "marts"
    entries: Mapping[str, Any] = getattr(known, kind)
    assert old in entries[name].sql
    other: Any = {kind: {**entries, name: replace(entries[name], sql=entries[name].sql.replace(old, new))}}
    return replace(known, **other)


@pytest.mark.parametrize("changed", ["tech_loan_balance", "loan_month", "declaration"])
def test_what_is_made_by_another_query_or_declaration_is_computed_anew(
    world: Path, tmp_path: Path, changed: str
) -> None:
    """As a new version of sfbench may bring it."""
    known, declared = catalogue(), published()

    def figures(known: Catalogue, declared: Mapping[str, Table], cache: Path | None) -> pa.Table:
        connection = open_dataset(world, declared=declared)
        look = look_at(world, present_files(world), None, last_month(connection))
        kept = Cache(cache, look, world, known, declared) if cache else None
        with connection:
            return evaluate(connection, scale=1, metrics=LOANS, known=known, cache=kept)

    before = figures(known, declared, tmp_path / "cache")
    if changed == "declaration":
        loans = declared["loan"]
        columns = tuple(replace(c, zh=f"{c.zh}（新）") for c in loans.columns)
        declared = {**declared, "loan": replace(loans, columns=columns)}
        assert digest(LOANS[0], known, declared) != digest(LOANS[0], known, published())
        return
    known = with_sql(known, changed, "SUM(balance_rmb)", "2 * SUM(balance_rmb)")
    found = figures(known, declared, tmp_path / "cache")
    same(found, figures(known, declared, None))
    assert not found["value"].equals(before["value"])


def test_code_that_changed_makes_every_digest_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions, and the Python of the metrics with its folders."""
    step = tmp_path / "metrics" / "steps" / "step.py"
    step.parent.mkdir(parents=True)
    (step.parents[1] / "cache").mkdir()
    monkeypatch.setattr(entry_module, "__file__", str(step.parents[1] / "cache" / "entry.py"))

    def own() -> str:
        entry_module._code.cache_clear()
        return digest(LOANS[0], catalogue(), published())

    found = []
    for text in ("one", "two"):
        step.write_text(text, encoding="utf-8")
        found.append(own())
    monkeypatch.setattr(entry_module, "__version__", "0")
    found.append(own())
    monkeypatch.setattr(entry_module.duckdb, "__version__", "0")
    found.append(own())
    entry_module._code.cache_clear()
    assert len(set(found)) == 4


def test_files_are_told_apart_by_size_and_time_or_by_what_their_manifest_says(world: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "loan.parquet"
    own.parent.mkdir()

    def looked(folder: Path) -> tuple[tuple[str, int, str], ...]:
        return look_at(folder, present_files(folder), None).files["loan"]

    seen = []
    for content, time in ((b"as it was", 1), (b"as it is!", 2), (b"and longer", 2)):
        own.write_bytes(content)
        os.utime(own, ns=(time, time))
        seen.append(looked(own.parent))
    assert len({*seen}) == 3
    copy = tmp_path / "copy"  # copies have times of their own
    shutil.copytree(world, copy)
    for path in copy.glob("data/loan/*"):
        os.utime(path, ns=(1, 1))
    assert looked(copy) == looked(world)
    note = manifest.read(copy)
    loans = TableEntry.of(replace(file, sha256="0" * 64) for file in note.tables["loan"].files)
    replace(note, tables={**note.tables, "loan": loans}).write(copy)
    assert looked(copy) != looked(world)
