"""Loads a content file as a module of its own; what fails names the file and the line."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from sfbench.errors import SfbenchError


def load(kind: str, name: str, path: Path) -> ModuleType:
    """The module of a content file. Raises SfbenchError if it does not load or has no caption."""
    spec = importlib.util.spec_from_file_location(f"sfbench_content.{kind}_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except SfbenchError as error:
        raise SfbenchError(error.what, where=f"{path}: {error.where}", why=error.why, fix=error.fix) from error
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        fix = "correct the file, or take it out of the content folder"
        raise SfbenchError(
            f"the {kind} file does not load", where=f"{path}:{_line_in(error, path)}", why=why, fix=fix
        ) from error
    if not (module.__doc__ or "").strip():
        raise SfbenchError("the file has no caption", where=f"{path}:1", fix="begin it with a docstring")
    return module


def _line_in(error: BaseException, path: Path) -> int:
    """Last line of `path` on the way to the error (1 if it never got there)."""
    if isinstance(error, SyntaxError):
        return error.lineno or 1
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
