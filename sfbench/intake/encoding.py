"""In which encoding a file is; a file that is in none that we know, or not in the one that was named, is told."""

from __future__ import annotations

import codecs
from pathlib import Path

from sfbench.errors import SfbenchError

_PIECE = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
KNOWN = ("utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16")


def encoding_of(path: Path, named: str = "") -> str:
    """A Python name of the encoding. Raises SfbenchError with the line of the first bytes that do not fit."""
    if named and named.lower() not in KNOWN:
        raise SfbenchError(f"no encoding {named!r}", where="--encoding", fix=f"one of {', '.join(KNOWN)}")
    with path.open("rb") as stream:
        head = stream.read(4)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if head.startswith(b"PK\x03\x04"):
        raise SfbenchError("this is an Excel workbook or a zip file", where=str(path), fix="name it .xlsx")
    wanted = named.lower() or marked
    if wanted.startswith("gb"):
        wanted = "gb18030"  # holds the two others
    if wanted:
        broken = _first_broken_line(path, wanted)
        really = "" if broken or not wanted.startswith("gb") else _really_utf8(path)
        if not broken and not really:
            return "utf-8-sig" if wanted == "utf-8" else wanted
        really = really or next((name for name in ("utf-8", "gb18030") if not _first_broken_line(path, name)), "")
        fix = (
            f"it reads as {really}: --encoding {really}" if really else "ask its sender in which encoding it was saved"
        )
        where = f"{path}:{broken}" if broken else str(path)
        raise SfbenchError(f"the file is not {wanted}", where=where, fix=fix)
    broken = _first_broken_line(path, "utf-8")
    if not broken:
        return "utf-8-sig"
    if not _first_broken_line(path, "gb18030"):
        return "gb18030"
    why = "these bytes are neither UTF-8 nor GB18030"
    fix = "save it as UTF-8, or name its encoding with --encoding"
    raise SfbenchError("the text cannot be read", where=f"{path}:{broken}", why=why, fix=fix)


def _first_broken_line(path: Path, encoding: str) -> int:
    """The line (from 1) with the first bytes that the encoding does not know; 0 if there are none."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as stream:
        while True:
            piece = stream.read(_PIECE)
            try:
                lines += decoder.decode(piece, final=not piece).count("\n")
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            except UnicodeError:  # UTF-16 without the mark that says in which order its bytes are
                return lines
            if not piece:
                return 0


def _really_utf8(path: Path) -> str:
    """`utf-8` if the file has other letters than ASCII and all are UTF-8: GB18030 would hold such by no chance."""
    if _first_broken_line(path, "ascii") and not _first_broken_line(path, "utf-8"):
        return "utf-8"
    return ""
