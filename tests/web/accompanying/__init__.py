"""Pages of what goes with work."""
