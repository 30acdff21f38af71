"""FEEL, by the chapters of the standard."""
