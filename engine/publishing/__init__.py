"""The publishing package."""
