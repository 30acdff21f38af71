"""A draft's rehearsal in an office of its own, and the scenario that comes of it."""
