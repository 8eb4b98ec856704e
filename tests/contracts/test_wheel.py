"""The wheel holds every content file and nothing else, and works where there is no checkout."""

import subprocess
import sys
import zipfile

import pytest

import sfbench
from tests.world.shared import ROOT, SEED, TINY

FOLDERS = ("sfbench", "generators", "expectations", "scenarios", "datasets")


def run(*words, cwd):
    done = subprocess.run([sys.executable, *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("hatchling", reason="the build backend is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with the wheel's files as an installer lays them out."""
    target = tmp_path_factory.mktemp("installed")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel, cwd=target)
    return target


def test_the_wheel_holds_every_file_of_the_five_folders_and_nothing_else(wheel):
    if not (ROOT / ".git").exists():
        pytest.skip("only git knows which files belong to the project")
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *FOLDERS]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    expected = {
        path if path.startswith("sfbench/") else f"sfbench/_content/{path}"
        for path in listed
        if (ROOT / path).is_file()
    }
    held = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
    assert {name for name in held if ".dist-info/" not in name} == expected
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_the_wheel_works_from_a_fresh_folder(installed, tmp_path):
    """The data are those of the checkout, and nothing of the checkout is read."""
    code = f"""
import sys
sys.path[:] = [{str(installed)!r}] + [p for p in sys.path if p not in ('', {str(ROOT)!r})]
import sfbench, sfbench.folders
assert sfbench.__file__.startswith({str(installed)!r}), sfbench.__file__
made = sfbench.generate(scale={TINY}, seed={SEED}, out='out')
print(sfbench.folders.BUILT_IN, made.manifest.fingerprint, sfbench.verify('out') == [])
"""
    content, fingerprint, sound = run("-c", code, cwd=tmp_path).split()
    here = sfbench.generate(scale=TINY, seed=SEED, out=tmp_path / "here").manifest.fingerprint
    assert (content, fingerprint, sound) == (str(installed / "sfbench" / "_content"), here, "True")


def test_the_command_of_the_wheel_lists_its_scenarios_suites_and_metrics(installed, tmp_path):
    code = f"""
import sys
sys.path[:] = [{str(installed)!r}] + [p for p in sys.path if p not in ('', {str(ROOT)!r})]
from sfbench.content import listing
print(*(len(listing(kind)) for kind in ('generators', 'expectations', 'scenarios', 'metrics', 'marts')))
"""
    held = [int(number) for number in run("-c", code, cwd=tmp_path).split()]
    here = [ROOT / "generators", ROOT / "expectations", ROOT / "scenarios"]
    here += [ROOT / "sfbench" / "metrics", ROOT / "sfbench" / "metrics" / "marts"]
    suffixes = {".yaml", ".sql"}
    expected = [
        len(
            [
                p
                for p in folder.iterdir()
                if p.suffix in (suffixes | {".py"} if folder.name == "generators" else suffixes)
            ]
        )
        for folder in here
    ]
    assert held == expected
