"""Takes a user's CSV, Excel, Parquet and .dat files into the declared schema, and lists by row what does not fit."""

from sfbench.intake.problems import Problem
from sfbench.intake.run import Imported, import_files

__all__ = ["Imported", "Problem", "import_files"]
