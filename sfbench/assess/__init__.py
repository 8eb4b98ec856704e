"""Assessment of institutions by composite indicators: a method declared in YAML, applied to a panel of figures."""

from __future__ import annotations

from sfbench.assess.assessment import Assessment, Interval
from sfbench.assess.chain import run
from sfbench.assess.panel import Panel
from sfbench.assess.read import read_method
from sfbench.assess.spec import Indicator, Method, Step

__all__ = ["Assessment", "Indicator", "Interval", "Method", "Panel", "Step", "read_method", "run"]
