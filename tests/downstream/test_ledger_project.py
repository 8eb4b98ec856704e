"""A project of somebody else uses the plugin as its users do: `pytest` in another process, a cache of its own."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.world.shared import ROOT

PROJECT = Path(__file__).parent / "ledger"
# Where the tests run from a tree that was not installed since, pytest does not know the entry point.
PLUGIN = () if entry_points(group="pytest11", name="sfbench") else ("-p", "sfbench.pytest_plugin")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    place = tmp_path_factory.mktemp("downstream")
    shutil.copytree(PROJECT, place / "ledger", ignore=shutil.ignore_patterns("__pycache__"))
    return place


@pytest.fixture
def tests_of(project):
    """Run the project's tests, with one more file of tests if a text is given: the completed process."""

    def run(*words, extra="", plugin=PLUGIN):
        more = project / "ledger" / "tests" / "test_more.py"
        more.write_text(extra, encoding="utf-8")
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"SFBENCH_CACHE": str(project / "cache"), "PYTHONPATH": path}
        environment.pop("PYTEST_ADDOPTS", None)
        command = [sys.executable, "-m", "pytest", *plugin, "-p", "no:cacheprovider", *words]
        return subprocess.run(
            command, cwd=project / "ledger", env=environment, capture_output=True, text=True, check=False
        )

    return run


def test_the_project_passes_side_by_side_and_makes_each_city_once(tests_of, project):
    done = tests_of("-n", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
    kept = list((project / "cache" / "datasets").glob("[!.]*"))
    assert len(kept) == 3 and all((folder / "manifest.json").is_file() for folder in kept)
    assert not list((project / "cache" / "datasets").glob(".making-*"))
    assert "4 passed" in tests_of().stdout
    assert len(list((project / "cache" / "datasets").glob("[!.]*"))) == 3


def test_a_failure_tells_the_command_that_makes_the_data_again(tests_of, tmp_path):
    extra = """
import pytest
@pytest.mark.sfbench("baseline", scale="tiny", seed=7, tables=["loan", "loan_balance"])
def test_wrong(sfbench):
    assert len(sfbench["loan"]) == 0
def test_wrong_too(bank_data):
    assert not bank_data
def test_other():
    assert False
"""
    report = tmp_path / "report.xml"
    done = tests_of("tests/test_more.py", f"--junit-xml={report}", "-rN", extra=extra)
    assert done.returncode == 1
    seven = "sfbench generate baseline --scale tiny --seed 7 --tables loan,loan_balance --out city"
    assert done.stdout.count("make the data again with") == 2
    lines = done.stdout.splitlines()
    assert lines.count(seven) == 1 and lines.count(seven.replace("seed 7", "seed 11")) == 1
    assert len(ET.parse(report).findall(".//failure")) == 3


def test_a_seed_follows_from_the_node_id(tests_of):
    extra = """
import pytest
pytestmark = pytest.mark.sfbench(tables=["institution"])
@pytest.mark.parametrize("of", ["a", "b"])
def test_seed(sfbench, of):
    print("seed", of, sfbench.seed)
"""
    lines = [sorted(x for x in tests_of("tests/test_more.py", "-s", extra=extra).stdout.split("\n") if "seed" in x)]
    lines.append(
        sorted(x for x in tests_of("tests", "-k", "seed", "-s", extra=extra).stdout.split("\n") if "seed" in x)
    )
    seeds = [[line.split()[-1] for line in found] for found in lines]
    assert seeds[0] == seeds[1] and len(set(seeds[0])) == 2


@pytest.mark.parametrize(
    ("marker", "says"),
    [
        ('"basline"', "did you mean 'baseline'?"),
        ('tables=["loans"]', "did you mean 'loan'?"),
        ("scale=0", "scale 0 cannot be generated"),
        ("size=3", "unexpected keyword argument 'size'"),
        ('content="nowhere"', "nowhere: no such content folder"),
        ('content=Path("nowhere")', "nowhere: no such content folder"),
    ],
)
def test_a_wrong_marker_is_told_in_a_sentence(tests_of, marker, says):
    extra = f"import pytest\nfrom pathlib import Path\n@pytest.mark.sfbench({marker})\ndef test_x(sfbench): pass\n"
    done = tests_of("tests/test_more.py", "-rN", extra=extra)
    assert done.returncode == 1 and done.stdout.count(says) == 1
    assert "Traceback" not in done.stdout


def test_a_wish_that_failed_is_no_data_to_make_again(tests_of):
    extra = """
import pytest
def test_wrong(sfbench_dataset):
    sfbench_dataset("basline", seed=3)
def test_wrong_too(sfbench_dataset):
    assert not sfbench_dataset("baseline", seed=11, tables=["institution"])
"""
    lines = tests_of("tests/test_more.py", extra=extra).stdout.splitlines()
    told = [line for line in lines if line.startswith("sfbench generate")]
    assert told == ["sfbench generate baseline --scale tiny --seed 11 --tables institution --out city"]


def test_the_entry_point_is_declared():
    import tomllib

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert declared["pytest11"] == {"sfbench": "sfbench.pytest_plugin"}
