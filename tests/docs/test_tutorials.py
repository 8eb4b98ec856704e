"""Every command and every line of Python of the tutorials runs as it stands, from an empty folder, in order."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sfbench.cli.app import app
from tests.world.shared import ROOT

TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
ENGLISH = [path for path in TUTORIALS if not path.name.endswith(".zh.md")]
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path):
    return _BLOCK.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_it_runs_from_an_empty_folder(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SFBENCH_LANG", raising=False)
    known = {}
    for language, source in blocks(path):
        if language == "python":
            exec(compile(source, str(path), "exec"), known)
            continue
        for line in filter(None, source.splitlines()):
            command, _, remark = line.partition("#")
            name, *words = shlex.split(command)
            assert name == "sfbench", line
            result = CliRunner().invoke(app, words)
            wanted = int(remark.split("exit")[1]) if "exit" in remark else 0
            assert result.exit_code == wanted, f"{line}\n{result.output}"
            assert result.stdout.strip(), line


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_the_chinese_tutorial_has_the_same_commands(path):
    assert blocks(path.with_suffix(".zh.md")) == blocks(path)


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_every_link_of_a_page_leads_somewhere(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    broken = [link for link in links if "://" not in link and not (Path(path).parent / link).exists()]
    assert broken == []
