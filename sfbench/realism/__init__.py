"""Realism: figures that an expert would look at, measured in a dataset and held against bands with sources."""

from sfbench.realism.report import Figure, Realism, realism

__all__ = ["Figure", "Realism", "realism"]
