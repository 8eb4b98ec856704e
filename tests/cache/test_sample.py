"""`sfbench.load_sample` works where there is no network and no dataset yet."""

import os
import subprocess
import sys

import pytest

import sfbench
from tests.world.shared import ROOT


def test_a_sample_is_there_offline(tmp_path):
    code = """
import socket
def refuse(*_, **__): raise OSError("no network")
socket.socket.connect = socket.create_connection = refuse
import sfbench
data = sfbench.load_sample("tiny")
print(len(data), data["enterprise"].num_rows, data.folder)
"""
    environment = os.environ | {
        "SFBENCH_CACHE": str(tmp_path / "cache"),
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    for _ in range(2):  # the second time from the cache
        words = [sys.executable, "-c", code]
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        tables, rows, folder = done.stdout.split()
        assert int(tables) == 73 and int(rows) > 500 and folder.startswith(str(tmp_path / "cache"))
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_an_unknown_sample_is_told():
    with pytest.raises(sfbench.SfbenchError, match="did you mean 'tiny'"):
        sfbench.load_sample("tinny")
