"""A tiny dataset that no test changes, copies of it to damage, and the command line in this process or in another."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import sfbench
from sfbench.cli.app import app


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    out = tmp_path_factory.mktemp("cli") / "tiny"
    sfbench.generate("baseline", scale="tiny", seed=1, out=out)
    return out


@pytest.fixture
def copy(tiny, tmp_path):
    return shutil.copytree(tiny, tmp_path / "copy")


@pytest.fixture
def run(monkeypatch):
    """Run a verb in this process: result.exit_code, .stdout, .stderr."""
    monkeypatch.delenv("SFBENCH_LANG", raising=False)
    monkeypatch.delenv("SFBENCH_DEBUG", raising=False)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def process():
    """Run a command line as a user does, with pipes: the completed process."""

    def start(*words, typed=None, **environment):
        command = [sys.executable, "-c", "from sfbench.cli import main; main()", *map(str, words)]
        return subprocess.run(
            command, input=typed, capture_output=True, text=True, env=os.environ | environment, check=False
        )

    return start


@pytest.fixture
def refused(run):
    """A command line that must end with one clear error: exit 2, the words given, no traceback."""

    def check(*words, says=(), code=2):
        result = run(*words)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        for text in says:
            assert text in result.stderr
        return result.stderr

    return check
