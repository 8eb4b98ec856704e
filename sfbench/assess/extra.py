"""Libraries that only some steps need: those of the extra `assess`, and scikit-learn."""

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


def salib(part: str) -> Any:
    """`sample.sobol` or `analyze.sobol` of SALib."""
    return _library(f"SALib.{part}")


def scikit_learn(part: str) -> Any:
    """A module of scikit-learn, which only one kind of imputation needs: it is not in the extra."""
    return _library(f"sklearn.{part}")


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.split(".")[0]
        fix = "pip install scikit-learn" if package == "sklearn" else "pip install 'sfbench[assess]'"
        raise SfbenchError(f"this step of the method needs {package}", why=str(error), fix=fix) from error
