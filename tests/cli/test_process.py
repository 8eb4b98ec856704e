"""The process as a whole: what is imported, pipes, the end, what nobody foresaw."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sfbench.cli.app import app, asked
from sfbench.version import __version__

HEAVY = {
    "pandas",
    "great_expectations",
    "sdv",
    "faker",
    "torch",
    "pyspark",
    "duckdb",
    "pyarrow",
    "numpy",
    "rich",
    "yaml",
}


def modules_after(code):
    script = (
        f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint(' '.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["evaluate", "x"], ["bench", "run"], ["list", "--help"]])
def test_a_command_line_builds_nothing_but_the_verb_it_begins_with(words):
    one = asked(words)
    found = [part.name for part in (*one.registered_commands, *one.registered_groups)]
    assert found == words[:1]
    assert one.registered_callback is app.registered_callback  # --version, and the group's class


@pytest.mark.parametrize("words", [[], ["--help"], ["evalute"], [""]])
def test_who_names_no_verb_gets_all_of_them(words):
    assert asked(words) is app


def test_the_package_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "sfbench", "nonsense"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "nonsense" in done.stderr


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({}, "1 None"),
        ({"OPENBLAS_NUM_THREADS": "2"}, "2 None"),
        ({"OMP_NUM_THREADS": "2"}, "None 2"),
    ],
)
def test_linear_algebra_has_one_thread_unless_the_user_wants_more(wish, found):
    names = "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"
    script = (
        "import atexit, os\nfrom sfbench.cli import main\n"
        f"atexit.register(lambda: print(*(os.environ.get(name) for name in {names})))\nmain()"
    )
    environment = {name: value for name, value in os.environ.items() if name not in names} | wish
    words = [sys.executable, "-c", script, "--version"]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.splitlines()[1:] == [found]


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["generate", "--help"], ["evaluate", "--help"]])
def test_help_imports_nothing_heavy(words):
    code = f"sys.argv[1:] = {words}; from sfbench.cli.app import app; app()"
    assert not HEAVY & modules_after(code)


def test_generate_never_imports_pandas(tmp_path):
    words = ["generate", "baseline", "--scale", "tiny", "--out", str(tmp_path / "out")]
    code = f"sys.argv[1:] = {words}; from sfbench.cli.app import app; app()"
    assert not {"pandas", "great_expectations", "faker", "scipy", "rich"} & modules_after(code)


def test_evaluate_never_imports_pandas(tiny, tmp_path):
    words = ["evaluate", str(tiny), "--lang", "zh", "--out", str(tmp_path / "figures.parquet")]
    code = f"sys.argv[1:] = {words}; from sfbench.cli.app import app; app()"
    assert not {"pandas", "great_expectations", "scipy"} & modules_after(code)


def test_the_version_is_printed(process):
    assert process("--version").stdout == f"sfbench {__version__}\n"


def test_json_in_a_pipe_is_all_there_is(process, tiny):
    found = process("evaluate", tiny, "--metric", "tech_loan_balance", "--json")
    assert found.stderr == ""
    assert json.loads(found.stdout)


def test_a_validation_ends_without_noise(process, tiny):
    found = process("validate", tiny, "--suite", "month")
    assert found.returncode == 0
    assert found.stderr == ""
    assert "\x1b" not in found.stdout


@pytest.mark.parametrize("words", [["evaluate", "--metric", "tech_loan_balance"], ["validate", "--suite", "month"]])
def test_no_folder_that_a_query_might_have_spilled_into_is_left(process, tiny, tmp_path, words):
    verb, *options = words
    assert process(verb, tiny, *options, TMPDIR=str(tmp_path)).returncode == 0
    assert not [*tmp_path.iterdir()]


def test_a_reader_that_goes_away_is_no_error(tiny):
    verb = [sys.executable, "-c", "from sfbench.cli import main; main()", "evaluate", str(tiny), "--json"]
    with subprocess.Popen(verb, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        assert writer.stdout is not None and writer.stderr is not None
        writer.stdout.readline()
        writer.stdout.close()
        words = writer.stderr.read()
        assert writer.wait() == 141
    assert words == b""


@pytest.mark.parametrize(
    "words",
    [
        ["assess", "CITY", "--method", "oecd_style", "--out", "OUT"],
        ["compare", "CITY", "CITY", "--out", "OUT.html"],
        ["validate", "CITY", "--suite", "month", "--junit", "OUT.xml"],
    ],
)
def test_what_is_asked_for_in_a_file_is_written_though_nobody_reads_the_rest(tiny, tmp_path, words):
    """As in `sfbench assess city --out cards | head -3`."""
    places = {"CITY": str(tiny), "OUT": str(tmp_path / "out")}
    asked = [places.get(word, word.replace("OUT", places["OUT"])) for word in words]
    verb = [sys.executable, "-u", "-c", "from sfbench.cli import main; main()", *asked]
    with subprocess.Popen(verb, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as writer:
        assert writer.stdout is not None
        writer.stdout.close()
        assert writer.wait() == 141
    assert [*tmp_path.glob("out*")]


def test_what_nobody_foresaw_exits_with_3_and_says_how_to_see_more(run, tiny, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr("sfbench.store.verify.verify", fail)
    found = run("verify", tiny)
    assert found.exit_code == 3
    assert "internal error: ZeroDivisionError: a slip" in found.stderr
    assert "SFBENCH_DEBUG=1" in found.stderr and "Traceback" not in found.stderr
    monkeypatch.setenv("SFBENCH_DEBUG", "1")
    assert "Traceback" in run("verify", tiny).stderr


def test_ctrl_c_says_that_a_rerun_resumes(run, tmp_path, monkeypatch):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("sfbench.engines.generate", interrupt)
    stopped = run("generate", "baseline", "--out", tmp_path / "out")
    assert stopped.exit_code == 130
    assert "resumes" in stopped.stderr


def test_ctrl_c_in_the_middle_of_a_query_is_no_internal_error(run, tmp_path, monkeypatch):
    """DuckDB raises this in place of what the signal's handler raised (seen; test_passing_files.py may meet it)."""

    def interrupt(*args, **kwargs):
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("sfbench.engines.generate", interrupt)
    stopped = run("generate", "baseline", "--out", tmp_path / "out")
    assert stopped.exit_code == 130 and "resumes" in stopped.stderr


def test_no_option_has_two_spellings():
    """Each option name is declared once, in options.py."""
    folder = Path(__file__).resolve().parents[2] / "sfbench" / "cli"
    others = [path for path in folder.glob("*.py") if path.name not in ("options.py", "app.py")]
    assert not [path.name for path in others if "typer.Option(" in path.read_text(encoding="utf-8")]
