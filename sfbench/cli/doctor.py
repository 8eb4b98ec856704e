"""`sfbench doctor`: is this installation sound, and what is missing?"""

from __future__ import annotations

import typer

from sfbench.cli import options as o
from sfbench.cli.failure import FINDINGS
from sfbench.cli.say import pick, print_json, print_table, waiting

_VERDICTS = {"ok": ("ok", "正常"), "warning": ("warning", "注意"), "failed": ("failed", "失败")}


def doctor(as_json: o.Json = False, lang: o.Lang = "en") -> None:
    """Check this installation: files, libraries, content, settings, cache, disk, and a small city made and verified.

    Exits with 1 if a check failed.
    """
    from sfbench.health import checks

    with waiting(pick(lang, "checking", "正在检查")):
        found = list(checks())
    if as_json:
        print_json([{"check": c.en, "verdict": c.verdict, "seen": c.seen, "fix": c.fix} for c in found])
    else:
        rows = []
        for c in found:
            seen, fix = pick(lang, c.seen, c.seen_zh or c.seen), pick(lang, c.fix, c.fix_zh or c.fix)
            named = (pick(lang, *_VERDICTS[c.verdict]), pick(lang, c.en, c.zh))
            rows.append((*named, seen + (f"\n  -> {fix}" if fix else "")))
        titles = (("verdict", "结论"), ("check", "检查"), ("seen", "所见"))
        print_table([pick(lang, *title) for title in titles], rows, whole=(0, 1))
    if any(c.verdict == "failed" for c in found):
        raise typer.Exit(FINDINGS)
