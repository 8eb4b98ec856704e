"""The model file: a zip of JSON and Parquet. Nothing in it runs when it is read.

    model.json               format, version, method, options, rows learned from, what the method keeps as plain
                             values, SHA-256 of every other member, and of model.json itself
    tables.json              declarations of the tables (names, types, keys, references, bounds; no values of rows)
    registers/<table>.parquet   public tables that go into the copy as they stand
    parts/<name>.parquet     what the method keeps as tables; for `linked`: counts by context, for `bootstrap`: the data

What is learned from the confidential tables stands in model.json and parts/ and nowhere else on disk.
A file of another format, with other members, or whose hashes do not fit is refused before any of it is used.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.errors import SfbenchError
from sfbench.store.files import write_whole
from sfbench.synth import specs
from sfbench.synth.model import Model
from sfbench.synth.parts import Parts
from sfbench.version import __version__

# 5: amounts stood in the note's currency, and no class of a firm was drawn before what it owes
FORMAT, VERSION = "sfbench synthetic-copy model", 6
LARGEST = 4 << 30  # bytes of one member; a zip can claim to unfold to anything
_MAIN, _TABLES = "model.json", "tables.json"


def save(model: Model, path: Path) -> None:
    """Write the model, whole or not at all. Raises SfbenchError if the file cannot be written."""
    members = {_TABLES: _json(specs.to_json(model.specs), ordered=False)}
    members |= {f"registers/{name}.parquet": _parquet(table) for name, table in model.registers.items()}
    members |= {f"parts/{name}.parquet": _parquet(table) for name, table in model.parts.tables.items()}
    main = {
        "format": FORMAT,
        "version": VERSION,
        "sfbench": __version__,
        "method": model.method,
        "options": dict(model.options),
        "rows": dict(model.rows),
        "own": model.own,
        "keep_out": model.keep_out,
        "canaries": model.canaries,
        "marks": dict(model.marks),
        "parts": model.parts.json,
        "members": {name: _digest(data) for name, data in members.items()},
    }
    main["checksum"] = _digest(_json(main))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {_MAIN: _json(main, ordered=False), **members}.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, buffer.getvalue())
    except OSError as error:
        raise SfbenchError("the model cannot be written", where=str(path), why=str(error)) from error


def load(path: Path) -> Model:
    """The model in a file of `save`. Raises SfbenchError for anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            if any(info.file_size > LARGEST for info in archive.infolist()):
                raise _refused(path, "a member is too large")
            members = {info.filename: archive.read(info) for info in archive.infolist()}
    except FileNotFoundError as error:
        raise SfbenchError("no such model file", where=str(path), fix="make one with `sfbench synth fit`") from error
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise _refused(path, str(error)) from error
    main = _main(path, members)
    try:
        registers = {name: _table(data) for name, data in _under(members, "registers/")}
        parts = Parts(main["parts"], {name: _table(data) for name, data in _under(members, "parts/")})
        rows = {str(name): int(number) for name, number in main["rows"].items()}
        own = bool(main["own"])
        declared = specs.from_json(json.loads(members[_TABLES]), str(path), closed=own)
        known = declared if own else _ours(declared, path)
        return Model(
            str(main["method"]),
            dict(main["options"]),
            rows,
            known,
            registers,
            parts,
            own,
            float(main["keep_out"]),
            int(main["canaries"]),
            dict(main.get("marks", {})),  # files of version 6 had none at first
        )
    except (KeyError, TypeError, ValueError, AttributeError, pa.ArrowException) as error:
        raise _refused(path, f"{type(error).__name__}: {error}") from error


def _main(path: Path, members: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        main = json.loads(members[_MAIN])
        stated = {key: value for key, value in main.items() if key != "checksum"}
        if main["format"] != FORMAT or main["version"] != VERSION:
            raise _refused(path, f"it says {main['format']!r}, version {main['version']!r}")
        listed = dict(main["members"])
        whole = main["checksum"] == _digest(_json(stated))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refused(path, f"{type(error).__name__}: {error}") from error
    if set(listed) != set(members) - {_MAIN}:
        raise _refused(path, "its members are not those that it lists")
    if not whole or any(listed[name] != _digest(members[name]) for name in listed):
        raise _refused(path, "a checksum does not fit: it was edited or damaged")
    return dict(main)


def _ours(declared: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The built-in declarations of the tables; those of the file only say which they are, and must agree."""
    from sfbench.store.read import published

    known = published()
    if unknown := [name for name in declared if name not in known]:
        raise _refused(path, f"this version declares no table {unknown[0]!r}")
    mine = {name: known[name] for name in declared}
    if specs.to_json(mine) != specs.to_json(declared):
        raise _refused(path, "its tables were declared otherwise: it was fitted by another version; fit again")
    return mine


def _under(members: Mapping[str, bytes], folder: str) -> list[tuple[str, bytes]]:
    return [(n.removeprefix(folder).removesuffix(".parquet"), d) for n, d in members.items() if n.startswith(folder)]


def _table(data: bytes) -> pa.Table:
    return pq.read_table(pa.BufferReader(data))


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _json(value: Any, *, ordered: bool = True) -> bytes:
    """JSON with keys in alphabetical order, for checksums; or as they come: columns as declared, parents first."""
    return json.dumps(value, ensure_ascii=False, sort_keys=ordered).encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refused(path: Path, why: str) -> SfbenchError:
    fix = "load only files that `sfbench synth fit` wrote; fit the model again"
    return SfbenchError("this is no model file that can be trusted", where=str(path), why=why, fix=fix)
