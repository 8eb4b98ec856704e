"""Attacks on a copy, one a file: `attack(case)` gives an Outcome."""
