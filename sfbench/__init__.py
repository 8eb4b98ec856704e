"""sfbench: synthetic technology-finance data of a fictional Shenzhen, and the metrics of its action plan.

    import sfbench

    data = sfbench.generate("baseline", scale="tiny", seed=7)   # a mapping of table name -> pyarrow.Table
    data["loan"]
    con = sfbench.open("out")                                    # a DuckDB connection with one view per table
    sfbench.evaluate("out")                                      # the metrics as a pyarrow.Table

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfbench.errors import SfbenchError
from sfbench.version import __version__

if TYPE_CHECKING:
    from sfbench.api import (
        Dataset,
        assessment,
        check_schema,
        evaluate,
        export,
        factor_tables,
        generate,
        import_files,
        load_sample,
        open,  # noqa: A004
        sql,
        validate,
        verify,
    )

__all__ = [
    "Dataset",
    "SfbenchError",
    "__version__",
    "assessment",
    "check_schema",
    "evaluate",
    "export",
    "factor_tables",
    "generate",
    "import_files",
    "load_sample",
    "open",
    "sql",
    "validate",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sfbench import api

        return getattr(api, name)
    raise AttributeError(f"module 'sfbench' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
