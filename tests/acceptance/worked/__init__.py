"""Worked examples: hand-made rows of the tables beside the credit history, with figures worked out from the rules."""
