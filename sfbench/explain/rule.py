"""The rule of a column, read from the text of its generator: expressions, draws, parameters, files, upstream columns.

A generator is plain code, so its own syntax tree says what a column is made of; nothing is declared twice.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_DATASET_CALLS = {
    "vocabulary": "vocabulary",
    "vocabulary_numbers": "vocabulary",
    "codes_from": "vocabulary",
    "calibration": "calibration",
    "calibration_numbers": "calibration",
    "monthly": "calibration",
}
_FIXED_FILES = {
    "quantiles": "calibration/quantile",
    "lpr_path": "calibration/lpr",
    "dollar_parity": "calibration/usd_cny",
    "code_list": "vocabulary/code",
}
_DRAWS = ("uniform", "below", "between", "chance", "choice", "quantile", "words")


@dataclass(slots=True)
class Rule:
    """What the text says about one column of one table."""

    line: int = 0
    expression: str = ""
    functions: dict[str, str] = field(default_factory=dict)  # name -> first line of its docstring
    draws: set[str] = field(default_factory=set)  # purposes
    parameters: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)  # `calibration/rate_spread`
    subscripts: set[tuple[str, str]] = field(default_factory=set)  # (table or "", column) read on the way


def rule_of(path: str, column: str) -> Rule | None:
    """The rule of a column in a generator file; None if no expression for it stands there by name."""
    module = _module(path)
    for function in module.functions.values():
        for node in _values(function, column):
            rule = Rule(node.lineno, ast.unparse(node))
            _collect(node, function, module, rule, set())
            rule.subscripts.discard(("", column))
            return rule
    return None


@dataclass(slots=True)
class _Module:
    functions: dict[str, ast.FunctionDef]
    tables: dict[str, str]  # variable name -> table that it holds, over the whole file


@cache
def _module(path: str) -> _Module:
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    # `rows` and `finish` first: a column that is published stands there, if anywhere.
    first = [name for name in ("rows", "finish") if name in functions]
    ordered = {name: functions[name] for name in [*first, *(n for n in functions if n not in first)]}
    tables = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for name, value in _pairs(node):
                if (table := _need(value)) is not None:
                    tables[name] = table
    return _Module(ordered, tables)


def _pairs(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    """(name, value) of an assignment, also of `a, b = x, y`."""
    target = node.targets[0]
    if isinstance(target, ast.Name):
        yield target.id, node.value
    elif isinstance(target, ast.Tuple):
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(target.elts)
        for element, value in zip(target.elts, values, strict=False):
            if isinstance(element, ast.Name):
                yield element.id, value


def _need(node: ast.expr) -> str | None:
    """`needs["note"]` -> note."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "needs":
        return _text(node.slice)
    return None


def _text(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _values(function: ast.FunctionDef, column: str) -> Iterator[ast.expr]:
    """Expressions that become the column: `"column": expr` and `x["column"] = expr`."""
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if _text(key) == column:
                    yield value
        elif isinstance(node, ast.DictComp):
            source = node.generators[0].iter
            if isinstance(source, ast.Tuple | ast.List) and column in map(_text, source.elts):
                yield node.value
        elif isinstance(node, ast.Assign):
            targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            for target in targets:
                if isinstance(target, ast.Subscript) and _text(target.slice) == column:
                    yield node.value


def _collect(node: ast.AST, function: ast.FunctionDef, module: _Module, rule: Rule, seen: set[str]) -> None:
    """Walk an expression; follow its names to their assignments and its calls into the file's functions."""
    locals_ = _locals(function)
    for part in ast.walk(node):
        if isinstance(part, ast.Subscript):
            _subscript(part, module, rule)
        elif isinstance(part, ast.Call):
            _call(part, module, rule, seen)
        elif isinstance(part, ast.Name) and f"{function.name}.{part.id}" not in seen:
            seen.add(f"{function.name}.{part.id}")
            for value in locals_.get(part.id, ()):
                _collect(value, function, module, rule, seen)


@cache
def _locals(function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    """Every value that is assigned to a name in the function."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for name, value in _pairs(node):
                found.setdefault(name, []).append(value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.setdefault(node.target.id, []).append(node.value)
    return found


def _subscript(node: ast.Subscript, module: _Module, rule: Rule) -> None:
    name = _text(node.slice)
    if name is None:
        return
    table = _need(node.value)
    if table is not None:  # needs["note"]["rate"]
        rule.subscripts.add((table, name))
    elif isinstance(node.value, ast.Name):
        if node.value.id == "params":
            rule.parameters.add(name)
        elif node.value.id != "needs":
            rule.subscripts.add((module.tables.get(node.value.id, ""), name))


def _call(node: ast.Call, module: _Module, rule: Rule, seen: set[str]) -> None:
    callee, first = node.func, _text(node.args[0]) if node.args else None
    if isinstance(callee, ast.Attribute) and isinstance(callee.value, ast.Name) and first is not None:
        if callee.value.id == "draw" and callee.attr in _DRAWS:
            rule.draws.add(first)
        elif callee.value.id == "params" and callee.attr == "at":
            rule.parameters.add(first)
    elif isinstance(callee, ast.Name):
        if callee.id in _DATASET_CALLS and first is not None:
            rule.files.add(f"{_DATASET_CALLS[callee.id]}/{first}")
        elif callee.id in _FIXED_FILES:
            rule.files.add(_FIXED_FILES[callee.id])
        elif callee.id in module.functions and callee.id not in seen:
            seen.add(callee.id)
            called = module.functions[callee.id]
            rule.functions[callee.id] = (ast.get_docstring(called) or "").split("\n")[0]
            for statement in called.body:
                _collect(statement, called, module, rule, seen)
