"""`sfbench verify`: a dataset against its manifest."""

from __future__ import annotations

import dataclasses

import typer

from sfbench.cli import options as o
from sfbench.cli.failure import FINDINGS
from sfbench.cli.say import pick, print_json, print_table, waiting

_SEVERITIES = {"critical": "严重", "warning": "警告"}


def verify(path: o.Dataset, opening: o.Opening = None, as_json: o.Json = False, lang: o.Lang = "en") -> None:
    """Compare every file with the manifest.

    Presence, size, SHA-256 and every value, and whether the private manifest opens the commitment to the seed; exits
    with 1 if anything differs, with 2 if there is no dataset.
    """
    from sfbench.store.verify import verify as run

    with waiting(pick(lang, "comparing", "正在核对")):
        found = run(path, opening)
    if as_json:
        print_json([dataclasses.asdict(finding) for finding in found])
    elif found:
        rows = [
            (pick(lang, f.severity, _SEVERITIES[f.severity]), f.file or f.table, f.column, _message(f.message, lang))
            for f in found
        ]
        titles = (("severity", "级别"), ("file", "文件"), ("column", "字段"), ("finding", "所见"))
        print_table([pick(lang, *words) for words in titles], rows)
        print(pick(lang, f"{path}: {len(found)} findings", f"{path}：{len(found)}处差异"))
    else:
        print(pick(lang, f"{path}: every file is as the manifest says", f"{path}：各文件与清单一致"))
    if found:
        raise typer.Exit(FINDINGS)


def _message(text: str, lang: o.Language) -> str:
    """A finding; of an error, its cause follows after a colon."""
    from sfbench.error_words import in_chinese

    said = in_chinese(text) if lang == "zh" else text
    what, colon, why = text.partition(": ")
    return f"{in_chinese(what)}：{in_chinese(why)}" if lang == "zh" and colon and said == text else said
