"""What a start of the program loads: nothing heavy before it is used, pandas never while data are made."""

import os
import subprocess
import sys

import pytest

from tests.world.shared import ROOT

NEVER = {"pandas", "great_expectations", "faker", "sdv", "torch", "pyspark", "scipy", "jax", "mbi"}
NOT_FOR_HELP = NEVER | {"numpy", "duckdb", "pyarrow", "yaml"}


def modules_after(code):
    """Top-level modules that a fresh process has loaded at its end."""
    script = f"import sys\n{code}\nprint('loaded:', *sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT, env=dict(os.environ)
    )
    return set(done.stdout.rpartition("loaded:")[2].split())


def test_the_check_sees_a_heavy_module():
    assert "decimal" in modules_after("import decimal")


@pytest.mark.parametrize(
    ("code", "never"),
    [
        ("import sfbench; dir(sfbench)", NOT_FOR_HELP),
        ("import pytest, sfbench.pytest_plugin", NOT_FOR_HELP),
        ("import sfbench; sfbench.generate(scale='tiny', tables=['loan', 'enterprise', 'bank_month'])", NEVER),
        (
            "import sfbench, tempfile; out = tempfile.mkdtemp()\n"
            "sfbench.generate(scale='tiny', tables=['enterprise_tag', 'month'], out=out)['enterprise_tag']\n"
            "sfbench.open(out).sql('SELECT count(*) FROM enterprise_tag').fetchall()",
            NEVER,
        ),
        (
            "sys.argv[1:] = ['--help']\nfrom sfbench.cli import app\ntry: app.app()\nexcept SystemExit: pass",
            NOT_FOR_HELP,
        ),
        (
            "import sfbench\ntry: sfbench.validate('/no/dataset/here')\nexcept sfbench.SfbenchError: print('refused')",
            NEVER,
        ),
    ],
    ids=["import", "start of pytest", "generate in memory", "generate into a folder", "help", "validate what is none"],
)
def test_nothing_heavy_is_loaded_before_it_is_used(code, never):
    assert not modules_after(code) & never
