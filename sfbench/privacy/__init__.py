"""Attacks on a synthetic copy, each with held-out firms as control and Wilson intervals, one row a firm."""

from sfbench.privacy.case import Case, Refit, case
from sfbench.privacy.frame import Frame, firms
from sfbench.privacy.outcome import Outcome, wilson
from sfbench.privacy.run import attack_names, attacked

__all__ = ["Case", "Frame", "Outcome", "Refit", "attack_names", "attacked", "case", "firms", "wilson"]
