"""Estimators of a policy effect: pure functions of a `Panel`, each with its source and what it assumes.

An estimator is `(panel, *, level=0.95, ...) -> Estimate | Refusal`: every choice is a named argument, and "not
identified" is an answer. They need numpy and scipy (extra `bench-methods`).
"""
