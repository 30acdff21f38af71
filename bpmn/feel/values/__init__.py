"""The values that expressions take and give."""
