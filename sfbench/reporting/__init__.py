"""The reporting layer: what an authority would see of the simulated history."""
