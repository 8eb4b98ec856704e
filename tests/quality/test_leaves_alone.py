"""What checks data writes where it is told to and nowhere else, and calls nobody: the process itself is watched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sfbench
from tests.reporting.planted import entry, scenario
from tests.world.shared import SEED, TINY

# Runs a program under an audit hook: what it would write, and whom it would call, are lines of the file FOUND.
WATCH = """
import os, runpy, sys
found = os.open(os.environ["FOUND"], os.O_WRONLY | os.O_APPEND)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
PATHS = {"os.mkdir": 0, "os.rename": 1, "os.remove": 0, "os.rmdir": 0, "os.link": 1, "os.symlink": 1, "os.truncate": 0}
PATHS["shutil.rmtree"] = 0

def told(kind, what):
    os.write(found, f"{kind} {os.path.abspath(os.fsdecode(what))}\\n".encode())

def hook(event, args):
    if event.startswith("socket.") and event.split(".")[1] in ("connect", "getaddrinfo", "gethostbyname", "sendto"):
        os.write(found, f"CALL {event} {args}\\n".encode())
        raise OSError("no network here")
    if event == "open" and isinstance(args[0], (str, bytes, os.PathLike)) and args[2] & WRITES:
        told("WRITE", args[0])
    elif event in ("os.remove", "os.rmdir") and args[1] >= 0:
        pass  # within a folder that shutil.rmtree told
    elif event in PATHS and isinstance(args[PATHS[event]], (str, bytes, os.PathLike)):
        told("WRITE", args[PATHS[event]])

sys.addaudithook(hook)
program, sys.argv = sys.argv[1], sys.argv[1:]
if program == "sfbench":
    from sfbench.cli import main
    main()
else:
    sys.path.insert(0, os.path.dirname(program))
    runpy.run_path(program, run_name="__main__")
"""
HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMPDIR")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone") / "city"
    sfbench.generate(scale=TINY, seed=SEED, out=folder)
    return folder


@pytest.fixture
def watched(city, tmp_path):
    """watched(*words): runs a command line; (the process, files outside `out` that it wrote to, calls)."""
    home, here, out = tmp_path / "home", tmp_path / "here", tmp_path / "out"
    for folder in (home, here, out):
        folder.mkdir()
    root = str(Path(sfbench.__file__).parents[1])

    def run(*words):
        before = {path: path.stat().st_mtime_ns for path in city.rglob("*")}
        log = tmp_path / "found"
        log.write_text("", encoding="utf-8")
        environment = os.environ | dict.fromkeys(HOMES, str(home))
        environment |= {"FOUND": str(log), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": root}
        command = [sys.executable, "-c", WATCH, *map(str, words)]
        done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)
        lines = [line.split(" ", 1) for line in log.read_text(encoding="utf-8").splitlines()]
        calls, writes = ([what for kind, what in lines if kind == wanted] for wanted in ("CALL", "WRITE"))
        assert any(Path(what).is_relative_to(out) for what in writes), "the watch is blind"
        allowed = (out, home, Path("/dev"))  # a home must be empty in the end: scratch is cleared away
        wrote = [what for what in writes if not any(Path(what).is_relative_to(folder) for folder in allowed)]
        assert list(home.iterdir()) == list(here.iterdir()) == []
        assert {path: path.stat().st_mtime_ns for path in city.rglob("*")} == before
        return done, wrote, calls

    return run, out


def test_the_watch_sees_a_file_and_a_call(watched, tmp_path):
    run, out = watched
    rogue = tmp_path / "rogue.py"
    lines = ["import socket", *(f"open({str(path)!r}, 'w').close()" for path in (out / "told", tmp_path / "x"))]
    lines += ["try: socket.create_connection(('192.0.2.1', 9))", "except OSError: pass"]
    rogue.write_text("\n".join(lines), encoding="utf-8")
    done, wrote, calls = run(rogue)
    assert done.returncode == 0 and wrote == [str(tmp_path / "x")] and calls


@pytest.mark.parametrize(
    "words",
    [
        ["--suite", "month,product", "--html", "{out}/q.html", "--junit", "{out}/q.xml"],
        ["--suite", "month", "--data-docs", "{out}/docs"],
    ],
)
def test_a_validation_writes_what_it_was_told_to_and_calls_nobody(words, watched, city):
    run, out = watched
    done, wrote, calls = run("sfbench", "validate", city, *(word.format(out=out) for word in words))
    assert (done.returncode, wrote, calls) == (0, [], []), done.stderr


def test_exported_suites_write_and_run_in_their_folder_and_call_nobody(watched, city):
    run, out = watched
    done, wrote, calls = run("sfbench", "expectations", "export", out / "plain", "--suite", "month,product")
    assert (done.returncode, wrote, calls) == (0, [], []), done.stderr
    done, wrote, calls = run(out / "plain" / "run.py", city, "month")
    assert (done.returncode, wrote, calls) == (0, [], []), done.stderr
    assert list((out / "plain" / "gx" / "uncommitted" / "validations").rglob("*.json"))


def test_a_score_writes_what_it_was_told_to_and_calls_nobody(watched, tmp_path):
    run, out = watched
    mine = scenario(tmp_path / "wish", entry("check_digit", 1))
    done, wrote, calls = run("sfbench", "quality-score", mine, "--scale", TINY, "--seed", SEED, "--out", out / "kept")
    assert (done.returncode, wrote, calls) == (0, [], []), done.stderr
    kept = {f"seed-{SEED}", f"alarms-{SEED}.parquet", f"missed-{SEED}.parquet"}
    assert {path.name for path in (out / "kept").iterdir()} == kept
