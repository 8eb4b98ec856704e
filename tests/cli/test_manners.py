"""Settings, the cache's verbs, the doctor, completion, NO_COLOR: what a good command line does."""

import json
import os
import pty
import re
import subprocess
import sys

import pytest

from sfbench.health import damage
from sfbench.settings import settings

MAIN = [sys.executable, "-c", "from sfbench.cli import main; main()"]


@pytest.fixture
def at(tmp_path):
    """Run a command line in a folder with these settings."""

    def start(text, *words, name="sfbench.toml", **environment):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "deep").mkdir(exist_ok=True)
        clean = {key: value for key, value in os.environ.items() if not key.startswith("SFBENCH_")}
        return subprocess.run(
            [*MAIN, *words],
            cwd=tmp_path / "deep",
            env=clean | {"PYTHONPATH": os.getcwd()} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return start


def planned(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_setting_is_the_default_of_every_verb_that_has_the_option(at):
    found = planned(at('scale = "small"\nseed = 9\n', "plan", "baseline", "--json"))
    assert (found["scale"], found["seed"]) == (0.02, 9)


def test_the_nearest_words_win(at):
    text = 'scale = "small"\nseed = 9\n[plan]\nseed = 8\n'
    assert planned(at(text, "plan", "baseline", "--json"))["seed"] == 8
    assert planned(at(text, "plan", "baseline", "--seed", "7", "--json"))["seed"] == 7
    text = f"[tool.sfbench]\n{text.replace('[plan]', '[tool.sfbench.plan]')}"
    (found,) = [planned(at(text, "plan", "baseline", "--json", name="pyproject.toml"))]
    assert found["seed"] == 8


def test_the_environment_wins_over_settings(at):
    assert "数据表" in at('lang = "zh"\n', "list").stdout
    assert "数据表" not in at('lang = "zh"\n', "list", "tables", SFBENCH_LANG="en").stdout.splitlines()[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('scal = "small"\n', "did you mean 'scale'?"),
        ("[plan]\nsed = 1\n", "did you mean 'seed'?"),
        ("[generat]\nseed = 1\n", "did you mean 'generate'?"),
        ("scale = \n", "the settings cannot be read"),
    ],
)
def test_wrong_settings_are_told(at, text, says):
    done = at(text, "list", "tables")
    assert done.returncode == 2 and says in done.stderr and "sfbench.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_cache_folder_is_a_setting_relative_to_its_file(at, tmp_path):
    done = at('cache-folder = "kept"\n', "cache", "dir")
    assert done.stdout.strip() == str(tmp_path / "kept")


def test_a_pyproject_of_others_is_left_alone(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project\n", encoding="utf-8")
    assert settings(tmp_path).values == {}


def test_cache_lists_and_clears(run, tmp_path, monkeypatch):
    from sfbench.cache import Order, obtain

    monkeypatch.setenv("SFBENCH_CACHE", str(tmp_path / "cache"))
    obtain(Order(seed=4, tables=("month",)))
    assert re.search(r"baseline +tiny +4 +1 ", run("cache", "list").stdout)
    assert json.loads(run("cache", "list", "--json").stdout)[0]["order"]["seed"] == 4
    assert "已清除0个" in run("cache", "clear", "--unused-days", "3", "--lang", "zh").stdout
    assert "removed 1 datasets" in run("cache", "clear").stdout
    assert "0 datasets" in run("cache", "list").stdout


def test_the_doctor_finds_this_installation_sound(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SFBENCH_CACHE", str(tmp_path / "cache"))
    done = run("doctor", "--json")
    found = {check["check"]: check for check in json.loads(done.stdout)}
    assert done.exit_code == 0 and "73 tables" in found["content"]["seen"]
    assert found["a small city"]["verdict"] == "ok" and "verified" in found["a small city"]["seen"]
    assert "小型城市" in run("doctor", "--lang", "zh").stdout


def test_the_doctor_tells_what_is_wrong_and_what_to_do(run, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SFBENCH_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("sfbench.api.verify", lambda path: ["a difference"])
    monkeypatch.setattr("sfbench.health._version", lambda name: None if name == "duckdb" else "99")
    done = run("doctor", "--json")
    failed = {check["check"] for check in json.loads(done.stdout) if check["verdict"] == "failed"}
    assert done.exit_code == 1 and {"cache folder", "a small city", "libraries"} <= failed
    assert "SFBENCH_CACHE" in run("doctor").stdout


def test_version_looks_whether_files_are_missing(run, monkeypatch, tmp_path):
    assert damage() == []
    monkeypatch.setattr("sfbench.health.BUILT_IN", tmp_path)
    done = run("--version")
    assert done.exit_code == 1 and "generators/" in done.stderr and done.stdout.startswith("sfbench ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_verbs(process, shell):
    words = {"COMP_WORDS": "sfbench ex", "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "sfbench ex"}
    words["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
    done = process(_SFBENCH_COMPLETE=f"complete_{shell}", **words)
    assert {"export", "explain"} <= set(re.findall(r"\w+", done.stdout))


def coloured(no_color):
    """What a table looks like on a terminal."""
    master, slave = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "CI")}
    environment |= {"TERM": "xterm-256color"} | ({"NO_COLOR": "1"} if no_color else {})
    code = (
        "from sfbench.cli.say import print_table; from rich.console import Console\n"
        "print_table(['a'], [['b']], title='t'); Console().print('[red]x')"
    )
    subprocess.run([sys.executable, "-c", code], stdout=slave, env=environment, check=True)
    os.close(slave)
    text = os.read(master, 65536).decode()
    os.close(master)
    return re.findall(r"\x1b\[[0-9;]*3[0-7][0-9;]*m", text)


def test_no_color_is_kept():
    assert coloured(False) and not coloured(True)
