"""Imports point one way, content is closed, and every content file says what it is."""

import ast
import sys

import pytest
import yaml

from tests.world.shared import ROOT

ORDER = (
    "version errors unit_words words error_words",
    "spec",
    "draws",
    "folders settings",
    "kit faker",
    "content",
    "world",
    "reporting",
    "store",
    "engines",
)
ORDER += (
    "metrics assess quality explain realism changes erd query factors schema intake metadata",
    "bench synth privacy report",
    "__init__ api cache fixture health cli pytest_plugin",
    "__main__",
)
RANK = {part: rank for rank, parts in enumerate(ORDER) for part in parts.split()}
GENERATORS = sorted((ROOT / "generators").glob("*.py"))
FAULTS = sorted((ROOT / "sfbench" / "reporting" / "faults").glob("*.py"))


def imported(path):
    """Every module that a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            # `from sfbench import content` imports sfbench.content
            yield from (f"sfbench.{alias.name}" for alias in node.names) if node.module == "sfbench" else [node.module]


def part_of(name):
    return RANK.get(name.split(".")[1], RANK["api"]) if "." in name else RANK["api"]


@pytest.mark.parametrize("path", sorted((ROOT / "sfbench").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_what_lies_below_it(path):
    own = RANK[path.relative_to(ROOT / "sfbench").parts[0].removesuffix(".py")]
    above = [name for name in imported(path) if name.split(".")[0] == "sfbench" and part_of(name) > own]
    assert not above


@pytest.mark.parametrize("path", GENERATORS, ids=lambda p: p.stem)
def test_a_content_file_imports_only_the_door(path):
    allowed = {"numpy", "sfbench.kit"} | set(sys.stdlib_module_names)
    assert not [name for name in imported(path) if name not in allowed and name.split(".")[0] not in allowed]


@pytest.mark.parametrize("path", FAULTS, ids=lambda p: p.stem)
def test_a_fault_file_imports_only_its_door(path):
    allowed = {"numpy", "sfbench.reporting.kit"} | set(sys.stdlib_module_names)
    assert not [name for name in imported(path) if name not in allowed and name.split(".")[0] not in allowed]


@pytest.mark.parametrize("path", GENERATORS + FAULTS, ids=lambda p: p.stem)
def test_a_content_file_asks_no_clock_and_no_random_state(path):
    """Randomness comes from keyed draws alone, time from the window alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not [name for name in names if name.startswith(("np.random", "random.", "datetime.", "time.", "os."))]


@pytest.mark.parametrize("path", GENERATORS + FAULTS, ids=lambda p: p.stem)
def test_a_content_file_puts_no_exp_log_or_power_on_the_way_to_a_value(path):
    """They differ by an ulp between machines; sums and square roots do not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    forbidden = {f"np.{name}" for name in ("exp", "exp2", "log", "log2", "log10", "log1p", "expm1", "power", "sin")}
    assert not calls & forbidden


def test_every_generator_and_fault_has_a_caption():
    for path in GENERATORS + FAULTS:
        caption = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert caption and caption.strip().endswith((".", "`")), path


def test_every_vocabulary_and_calibration_file_names_source_and_licence():
    files = sorted((ROOT / "datasets").rglob("*.csv"))
    assert len(files) > 20
    for path in files:
        head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        assert any(line.startswith("# source:") for line in head), path
        assert any(line.startswith("# licence:") for line in head), path


def test_every_scenario_suite_and_metric_has_a_caption():
    for path in (ROOT / "scenarios").glob("*.yaml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["caption"], path
    for path in (ROOT / "expectations").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("#") or yaml.safe_load(text).get("caption"), path
    for path in (ROOT / "sfbench" / "metrics").rglob("*.sql"):
        assert path.read_text(encoding="utf-8").startswith("--"), path
