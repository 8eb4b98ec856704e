"""`sfbench metadata`: descriptions of a dataset for catalogues and people."""

from __future__ import annotations

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.say import pick, print_json


def metadata(
    path: o.Dataset,
    form: o.MetadataFormat = "croissant",
    out: o.OutMetadata = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Describe a dataset: Croissant, Frictionless, a Hugging Face card, a data dictionary as HTML, Markdown or Excel.

    Without --out it is written into DIR under its usual name. DIR may also be an export as CSV or Parquet, or your own
    tables.
    """
    from sfbench.metadata import write_metadata

    written = write_metadata(path, form, out, force=force, declared=published_tables(folders(content)))
    if as_json:
        print_json({"out": str(written), "format": form, "bytes": written.stat().st_size})
        return
    print(pick(lang, f"{written}: {form}", f"{written}：{form}"))
