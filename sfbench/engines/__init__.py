"""Who carries a plan out: this machine, or (later) a cluster, behind one small interface."""

from sfbench.engines.local import generate

__all__ = ["generate"]
