"""Tables that are the same in every city: a user's own tables may lack them, and need not find them elsewhere."""

ALIKE = ("month", "district", "industry", "cluster")  # whatever the scenario, the scale and the seed
