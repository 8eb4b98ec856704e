"""What `synth report` writes of the original for passing use: for its user alone, and gone when it is told to end."""

import os
import signal
import stat
import subprocess
import sys
import time


def test_passing_folders_are_private_and_go_on_sigterm(tiny, tmp_path):
    words = [sys.executable, "-m", "sfbench", "synth", "report", tiny, tiny, "--tables", "enterprise,loan"]
    process = subprocess.Popen(words, env=os.environ | {"TMPDIR": str(tmp_path)}, stdout=-3, stderr=-3, umask=0)
    seen = []
    until = time.monotonic() + 120
    while not seen and process.poll() is None and time.monotonic() < until:
        seen = [path.stat().st_mode for path in tmp_path.glob("sfbench-*")]
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    assert seen and all(stat.S_IMODE(mode) == 0o700 for mode in seen)
    assert list(tmp_path.glob("sfbench-*")) == []
