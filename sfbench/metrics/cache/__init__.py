"""Figures and marts of an earlier evaluation, and what of them still holds: a new month costs what the month needs."""

from sfbench.metrics.cache.cache import Cache
from sfbench.metrics.cache.look import Look, last_month, look_at
from sfbench.metrics.cache.touched import ALWAYS

__all__ = ["ALWAYS", "Cache", "Look", "last_month", "look_at"]
