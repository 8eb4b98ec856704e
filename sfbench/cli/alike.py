"""How a user comes by the tables that are the same in every city."""

from __future__ import annotations

from collections.abc import Collection

from sfbench.cli.say import pick
from sfbench.spec.alike import ALIKE
from sfbench.words import Language


def how_to_make(lacking: Collection[str], lang: Language) -> str:
    """The command that makes those of them that are lacking, and where they go; empty if there is none."""
    names = [name for name in ALIKE if name in lacking]
    if not names:
        return ""
    command = f"sfbench generate baseline --tables {','.join(names)} --out public"
    folders = ", ".join(f"public/data/{name}" for name in names)
    en = f"  the same in every city: {', '.join(names)}. Make with `{command}`; copy beside your tables: {folders}"
    zh = f"  各城市相同的表：{'、'.join(names)}。请用`{command}`生成，再复制到自己的表旁：{folders}"
    return pick(lang, en, zh)
