"""The report of a dataset: one HTML page that needs nothing else, for people, in Chinese and English."""

from sfbench.report.collect import Pieces, collect, read_figures
from sfbench.report.page import save, text
from sfbench.report.render import check_library

__all__ = ["Pieces", "check_library", "collect", "read_figures", "save", "text"]
