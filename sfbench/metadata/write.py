"""Writes a description where its format is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.metadata import croissant, frictionless, html, huggingface, markdown, xlsx
from sfbench.metadata.facts import Facts, facts
from sfbench.spec import Table
from sfbench.store.files import write_whole

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "croissant": croissant.NAME,
        "frictionless": frictionless.NAME,
        "huggingface": huggingface.NAME,
        "html": html.NAME,
        "markdown": markdown.NAME,
        "xlsx": xlsx.NAME,
    }
)
_TEXTS = {
    "croissant": croissant.text,
    "frictionless": frictionless.text,
    "huggingface": huggingface.text,
    "html": html.text,
    "markdown": markdown.text,
}
_BESIDE = ("croissant", "frictionless", "huggingface")  # they name files by paths from their own place


def write_metadata(
    folder: Path,
    form: str,
    out: Path | None = None,
    *,
    force: bool = False,
    declared: Mapping[str, Table] | None = None,
) -> Path:
    """Describe a dataset, an export as CSV or Parquet, or own tables; says which file was written.

    Without `out` it is the format's usual name in the folder. Raises SfbenchError for an unknown format, a file that
    exists (without `force`), and a place from which the data would not be found.
    """
    if form not in FORMATS:
        raise SfbenchError(f"no format {form!r}", where="--format", fix=did_you_mean(form, FORMATS))
    place = folder / FORMATS[form] if out is None else out
    if form in _BESIDE and place.absolute().parent != folder.absolute():
        why = f"{form} names files by paths from its own folder"
        raise SfbenchError(
            "the data would not be found from there", where=f"--out {place}", why=why, fix=f"leave it in {folder}"
        )
    if place.exists() and not (force and place.is_file()):
        raise SfbenchError("the file exists", where=str(place), fix="add --force to replace it")
    if not place.absolute().parent.is_dir():
        raise SfbenchError("its folder does not exist", where=str(place), fix=f"make {place.parent}")
    text = _bytes(form, facts(folder, declared))
    try:
        write_whole(place, text)
    except OSError as error:
        fix = "give a folder that you may write to"
        raise SfbenchError("the file cannot be written", where=str(place), why=str(error), fix=fix) from error
    return place


def _bytes(form: str, found: Facts) -> bytes:
    return xlsx.data(found) if form == "xlsx" else _TEXTS[form](found).encode()
