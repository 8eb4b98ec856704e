"""Learns a user's own tables and writes a synthetic copy: `fit`, `Model.sample`, `save`, `load`."""

from sfbench.synth.metadata import read_metadata
from sfbench.synth.methods import method_names
from sfbench.synth.model import Model, fit
from sfbench.synth.modelfile import load, save

__all__ = ["Model", "fit", "load", "method_names", "read_metadata", "save"]
