"""The change feed of a dataset: what a receiver would have been sent, batch by batch."""

from sfbench.changes.feed import FIRST, LAST, Batch, write_feed

__all__ = ["FIRST", "LAST", "Batch", "write_feed"]
