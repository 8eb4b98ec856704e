"""Descriptions of a dataset for catalogues and people, from the declarations: one file per format."""

from sfbench.metadata.facts import Facts, facts
from sfbench.metadata.write import FORMATS, write_metadata

__all__ = ["FORMATS", "Facts", "facts", "write_metadata"]
