"""The site of `make docs`, built once for all processes of a test run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.report.conftest import chromium
from tests.world.shared import ROOT

__all__ = ["chromium"]
_LONG = 1800  # seconds: a build takes half a minute of a core, notebooks included


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    """The folder of a strict build that could reach no network, and had a home of its own."""
    common = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        common = common.parent
    folder = common / "docs-site"
    try:
        folder.mkdir()
    except FileExistsError:  # another process builds it, or has
        for _ in range(10 * _LONG):
            if (folder / "log").is_file():
                break
            time.sleep(0.1)
    else:
        aside = folder / "log.part"
        aside.write_text(build(folder), encoding="utf-8")
        aside.rename(folder / "log")
    log = (folder / "log").read_text(encoding="utf-8")
    assert log.startswith("exit 0\n"), log
    return folder / "site"


def build(folder: Path) -> str:
    """`exit CODE` and what the build said."""
    for name in ("home", "scratch"):
        (folder / name).mkdir()
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    own = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "scratch"), "NO_MKDOCS_2_WARNING": "1"}
    words = ["-m", "mkdocs", "build", "--strict", "--site-dir", str(folder / "site")]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=os.environ | nowhere | own, capture_output=True, text=True
    )
    return f"exit {done.returncode}\n{done.stdout}{done.stderr}"
