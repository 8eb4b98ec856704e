"""What another sfbench has made or answered is not taken over: hashes follow the code."""

import shutil

import pytest

from sfbench.bench import run, shelf
from sfbench.content import method
from sfbench.folders import PACKAGE


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A copy of the package, whose code may be changed."""
    return shutil.copytree(PACKAGE, tmp_path_factory.mktemp("code") / "sfbench")


@pytest.fixture
def changed(package, monkeypatch):
    """Whether a hash is another when a file of the package has one more line."""
    monkeypatch.setattr(shelf, "PACKAGE", package)

    def check(file, hashed):
        path, found = package / file, []
        text = path.read_bytes()
        for more in (b"", b"\n# a word"):
            path.write_bytes(text + more)
            shelf._code_of.cache_clear()
            found.append(hashed())
        path.write_bytes(text)
        shelf._code_of.cache_clear()
        return found[0] != found[1]

    return check


@pytest.mark.parametrize(
    "file",
    [
        "bench/composite.py",
        "bench/effects/panel.py",
        "bench/worker.py",
        "assess/normalise/scale.py",
        "privacy/frame.py",
    ],
)
def test_answers_hang_on_all_that_a_method_may_use(file, changed):
    own = method("equal_weights")
    assert changed(file, lambda: run._written(own))


def test_answers_do_not_hang_on_other_methods(changed):
    own = method("equal_weights")
    assert not changed("bench/methods/z_scores.py", lambda: run._written(own))


@pytest.mark.parametrize(
    "file", ["world/levers.py", "kit.py", "reporting/known.py", "draws/values.py", "bench/tasks/linkage.py"]
)
def test_instances_hang_on_the_code_of_the_world(file, changed, posed):
    assert changed(file, lambda: shelf._digest(posed, "main", 1, ()))


def test_instances_do_not_hang_on_what_answers_them(changed, posed):
    assert not changed("bench/effects/panel.py", lambda: shelf._digest(posed, "main", 1, ()))
