"""Tasks of the bench, one a file: a declaration `TASK`, and how an instance is posed if not by its question's SQL."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Task


def task_names() -> tuple[str, ...]:
    """Names of the tasks."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"))


@cache
def task(name: str) -> Task:
    """The task of that name. Raises SfbenchError for an unknown one."""
    found: Task = module(name).TASK
    return replace(found, name=name)


def module(name: str) -> ModuleType:
    """The module of a task."""
    if name not in task_names():
        raise SfbenchError(f"unknown task {name!r}", where="task", fix=did_you_mean(name, task_names()))
    return import_module(f"{__name__}.{name}")
