"""The parameter table: every number has bounds, a unit, a source and a confidence; and something reads it."""

import ast
import re
import sys

import pytest

from sfbench.content import parameters
from sfbench.errors import SfbenchError
from sfbench.folders import BUILT_IN

HEADER = "parameter,value,low,high,unit,source,confidence,note,source_zh,note_zh\n"
CONFIDENCE = {"high", "medium", "low", "prior", "fitted"}


def test_every_parameter_has_a_unit_a_source_and_a_known_confidence():
    for name, parameter in parameters().items():
        assert parameter.unit and parameter.source, name
        assert parameter.confidence in CONFIDENCE, name
        assert parameter.low <= parameter.value <= parameter.high, name


def test_a_parameter_belongs_to_a_group():
    assert all(re.fullmatch(r"[a-z]+\.[a-z0-9_]+", name) for name in parameters())


def test_every_parameter_is_read_by_content_and_content_reads_no_other():
    """A parameter that nothing reads is a lever that moves nothing."""
    asked, patterns = {"population.firms"}, []  # which the plan reads
    for path in (BUILT_IN / "generators").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "params":
                key = node.slice
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "params.at":
                key = node.args[0]
            else:
                continue
            if isinstance(key, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else "[a-z0-9_]+" for p in key.values]
                patterns.append("".join(parts))
            else:
                asked.add(ast.literal_eval(key))
    asked |= {name for name in parameters() if any(re.fullmatch(pattern, name) for pattern in patterns)}
    assert asked == set(parameters())


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("a.b,9,0,1,share,prior,prior,,,\n", "outside"),
        ("a.b,0.5,0,1,share,,prior,,,\n", "no source"),
    ],
)
def test_an_unsound_parameter_is_refused(row, why, monkeypatch):
    columns = dict(zip(HEADER.strip().split(","), zip(*[row.strip("\n").split(",")], strict=True), strict=True))
    # `sfbench.content.parameters` names the function; its module is found by its full name.
    monkeypatch.setattr(sys.modules["sfbench.content.parameters"], "read_csv", lambda path: columns)
    with pytest.raises(SfbenchError, match=r"parameter 'a\.b' is not sound") as caught:
        parameters.__wrapped__()
    assert why in str(caught.value)
