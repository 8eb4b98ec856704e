"""Writes a dataset in another format: whole or not at all, and never over what sfbench did not write."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Table
from sfbench.store import manifest
from sfbench.store.arrow import SYNTHETIC_MARK
from sfbench.store.formats import Format, Source, Wishes, find
from sfbench.store.formats.postgres import hidden
from sfbench.store.placed import refuse_homeless, refuse_taken, settle, whole_folder
from sfbench.version import __version__

NOTE = "export.json"  # beside the files of an export: what it is, what it was made of


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where: rows by table."""

    out: str
    format: str
    rows: Mapping[str, int]
    synthetic: bool


def export(
    path: Path,
    form: str,
    out: str | Path,
    *,
    tables: Iterable[str] | None = None,
    as_of: datetime.date | None = None,
    encoding: str = "",
    force: bool = False,
    declared: Mapping[str, Table] | None = None,
) -> Exported:
    """Write the tables of a dataset, or of a user's own folder, in a format of `formats.names()`.

    `out` is a folder, a file or a server's address, as the format has it. `force` replaces an earlier export (of a
    server: its tables of the same names). Raises SfbenchError; `out` is then as it was.
    """
    format_ = find(form)
    wishes = Wishes(encoding=_encoding(form, format_, encoding), force=force)
    place = Path(out)
    if format_.holds != "server":
        if "://" in str(out):
            where = f"--out {hidden(str(out))}"
            raise SfbenchError("this is an address of a server", where=where, fix="try --format postgres")
        _refuse(place, format_, force)
    source = Source.of(path, tables, as_of, declared=declared)
    with closing(source.connection):
        rows = {name: source.rows(name) for name in source.tables}
        note = _note(source, form, wishes, rows, as_of)
        try:
            _carry_out(format_, source, str(out), wishes, note)
        except (OSError, duckdb.Error) as error:
            raise SfbenchError(
                "the export failed", where=str(out), why=str(error), fix="check disk and rights"
            ) from error
    return Exported(str(out), form, rows, source.synthetic)


def _encoding(form: str, format_: Format, wanted: str) -> str:
    known = format_.encodings
    if not wanted:
        return known[0] if known else ""
    if wanted not in known:
        fix = did_you_mean(wanted, known) if known else "leave --encoding out"
        raise SfbenchError(f"{form} has no encoding {wanted!r}", where="--encoding", fix=fix)
    return wanted


def _refuse(place: Path, format_: Format, force: bool) -> None:
    if format_.holds == "file":
        if place.suffix != format_.suffix:
            fix = f"name it {place.with_suffix(format_.suffix).name}"
            raise SfbenchError(f"the file does not end with {format_.suffix}", where=f"--out {place}", fix=fix)
        if place.is_dir():
            raise SfbenchError("this is a folder", where=f"--out {place}", fix="choose another name")
        if place.exists() and not force:
            fix = "add --force to replace it, or choose another name"
            raise SfbenchError("the file exists", where=f"--out {place}", fix=fix)
        refuse_homeless(place)
    else:
        refuse_taken(place, NOTE, force=force)


def _carry_out(format_: Format, source: Source, out: str, wishes: Wishes, note: Mapping[str, Any]) -> None:
    """Write beside the place and move the whole there."""
    if format_.holds == "server":
        format_.write(source, out, wishes)
        return
    place = Path(out).absolute()
    if format_.in_place:
        _in_place(format_, source, place, wishes, note)
        return
    if format_.holds == "file":
        with tempfile.TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent) as site:
            made = Path(site) / f"new{format_.suffix}"
            format_.write(source, str(made), wishes)
            os.replace(made, place)
        return
    with whole_folder(place, NOTE) as new:
        format_.write(source, str(new), wishes)
        _write_note(new, note)


def _in_place(format_: Format, source: Source, place: Path, wishes: Wishes, note: Mapping[str, Any]) -> None:
    aside = place.with_name(f".{place.name}.old")
    if place.exists():
        place.rename(aside)
    try:
        place.mkdir()
        format_.write(source, str(place), wishes)
        _write_note(place, note)
        settle(aside, place, NOTE)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        if aside.exists():
            aside.rename(place)
        raise
    with suppress(FileNotFoundError):
        shutil.rmtree(aside)


def _note(
    source: Source, form: str, wishes: Wishes, rows: Mapping[str, int], as_of: datetime.date | None
) -> dict[str, Any]:
    note: dict[str, Any] = {"sfbench": __version__, "format": form, "tables": dict(rows)}
    note |= {"encoding": wishes.encoding} if wishes.encoding else {}
    note |= {"as_of": str(as_of)} if as_of else {}
    if source.synthetic:
        made = manifest.read(source.path)
        note["synthetic"] = {"en": "synthetic data", "zh": SYNTHETIC_MARK}
        note["source"] = {
            "scenario": made.scenario.get("name", ""),
            "scale": made.scale,
            "seed": made.shown_seed,
            "fingerprint": made.fingerprint,
        }
    return note


def _write_note(folder: Path, note: Mapping[str, Any]) -> None:
    (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
