"""The frozen acceptance set: a small hand-made dataset, what its metrics are, and what goes wrong when it is broken."""
