"""`sfbench expectations export`: the suites as plain Great Expectations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.say import pick, print_json

Target = Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the suites.")]


def export(
    out: Target,
    suite: o.Suites = None,
    severity: o.Severity = None,
    force: o.Force = False,
    as_of: o.KnownOn = None,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Write the suites as JSON that Great Expectations loads and runs without sfbench, with a README on how."""
    from sfbench.cli.validate import expanded
    from sfbench.quality.export import export as write
    from sfbench.quality.run import all_suites, chosen

    extra = folders(content)
    tables = published_tables(extra)
    names, day = o.names("--suite", suite), o.day("--as-of", as_of)
    wanted = None if names is None else expanded(names, tables, extra)
    files = write(chosen(all_suites(tables, extra, day), wanted, severity), tables, out, force=force, as_of=day)
    if as_json:
        print_json({"out": str(out), "files": [str(path.relative_to(out)) for path in files]})
    else:
        print(
            pick(
                lang, f"{len(files)} files in {out}; read README.md there", f"{len(files)}个文件，见{out}/README.zh.md"
            )
        )
