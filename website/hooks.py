"""What MkDocs calls while it builds the site: generated pages join the files, links out of docs/ are mended."""

from __future__ import annotations

import logging
import re
import sys
from pathlib import Path
from posixpath import dirname, join, normpath, relpath, splitext
from typing import Any

import jieba
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # MkDocs loads this file by its path
    sys.path.insert(0, str(ROOT))

from website import notebooks  # noqa: E402
from website.reference import pages  # noqa: E402

_ROOT_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}  # file of the repository -> page
_GROWING = ("reference/tables/", "reference/metrics/")  # sections of the menu with a page per thing
_FENCED = re.compile(r"(^ *```.*?^ *```[^\n]*$)", re.MULTILINE | re.DOTALL)
_JOINED = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef\[`*])")  # no blank in Chinese
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The menu: beside an index stand the pages of its folder."""
    jieba.setLogLevel(logging.WARNING)
    config["made"] = pages()
    for section in config.nav or []:
        for title, entries in section.items():
            if isinstance(entries, list):
                section[title] = [_grown(entry, config["made"]) for entry in entries]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Pages of the reference, of the repository's root, of notebooks."""
    made: dict[str, str | bytes] = dict(config["made"])
    made |= {page: (ROOT / path).read_text(encoding="utf-8") for path, page in _ROOT_PAGES.items()}
    for path in sorted(notebooks.FOLDER.glob("*.ipynb")):
        text, pictures = notebooks.page(path)
        made |= {f"notebooks/{path.stem}.md": text} | {f"notebooks/{name}": held for name, held in pictures.items()}
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A link to a file of the repository leads to its page, or is words alone if it has none."""
    here = page.file.src_uri
    folder = "." if here in _ROOT_PAGES.values() else join("docs", dirname(here))

    def mended(found: re.Match[str]) -> str:
        words, target, anchor = found[1], found[2], found[3] or ""
        if ":" in target:
            return found[0]
        path = normpath(join(folder, target))
        there = _ROOT_PAGES.get(path) or path.removeprefix("docs/")
        if there == path:  # neither a page nor a file of docs/
            return words
        if splitext(there)[1] == ".ipynb" and not here.startswith("notebooks/"):
            there = f"{splitext(there)[0]}.md"
        return f"[{words}]({relpath(there, dirname(here) or '.')}{anchor})"

    return "".join(
        part if n % 2 else _LINK.sub(mended, _JOINED.sub("", part)) for n, part in enumerate(_FENCED.split(markdown))
    )


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """A Chinese page says so: fonts and screen readers follow it."""
    return output.replace('<html lang="en"', '<html lang="zh"', 1) if page.file.src_uri.endswith(".zh.md") else output


def _grown(entry: dict[str, str] | str, made: dict[str, str]) -> Any:
    for title, path in entry.items() if isinstance(entry, dict) else ():
        for folder in _GROWING:
            if path == f"{folder}index.md":
                return {title: [path, *sorted(name for name in made if name.startswith(folder) and name != path)]}
    return entry
