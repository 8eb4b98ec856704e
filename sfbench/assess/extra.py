"""The libraries of the extra `assess`, imported when a step needs them."""

from __future__ import annotations

import importlib
from typing import Any

from sfbench.errors import SfbenchError


def scipy_optimize() -> Any:
    """Linear programmes."""
    return _library("scipy.optimize")


def scipy_sparse() -> Any:
    """Sparse matrices."""
    return _library("scipy.sparse")


def pymcdm(part: str) -> Any:
    """`methods` or `normalizations` of pymcdm."""
    return _library(f"pymcdm.{part}")


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.split(".")[0]
        raise SfbenchError(
            f"this step of the method needs {package}", why=str(error), fix="pip install 'sfbench[assess]'"
        ) from error
