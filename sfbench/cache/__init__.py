"""Datasets that are made once and kept: what fixtures and samples read, by the hash of what shapes them."""

from sfbench.cache.datasets import Kept, clear, kept, obtain
from sfbench.cache.folder import cache_folder
from sfbench.cache.order import Order, seed_of

__all__ = ["Kept", "Order", "cache_folder", "clear", "kept", "obtain", "seed_of"]
