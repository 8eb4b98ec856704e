"""The bench: evaluation methods scored against known truth."""
