"""A validation for people and for build servers: one HTML page, JUnit XML, GitHub annotations."""

from sfbench.quality.writers.github import annotate
from sfbench.quality.writers.junit import save as save_junit
from sfbench.quality.writers.page import save as save_page

__all__ = ["annotate", "save_junit", "save_page"]
