"""How a value came about: the rule as written, the draws as made, the parameters with their sources."""

from sfbench.explain.account import Account, Step, explain

__all__ = ["Account", "Step", "explain"]
