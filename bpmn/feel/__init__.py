"""The feel package."""
