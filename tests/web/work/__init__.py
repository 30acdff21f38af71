"""The officers' pages: a step at work."""
