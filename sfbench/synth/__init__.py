"""Learns a user's own tables and writes a synthetic copy: `fit`, `Model.sample`, `save`, `load`."""

from sfbench.synth.metadata import read_metadata
from sfbench.synth.methods import method_names
from sfbench.synth.model import Model, fit
from sfbench.synth.modelfile import load, save
from sfbench.synth.parents import loose

__all__ = ["Model", "fit", "load", "loose", "method_names", "read_metadata", "save"]
