"""Pages of the reference, made from declarations, docstrings and the command line when the site is built."""

from website.reference.pages import pages

__all__ = ["pages"]
