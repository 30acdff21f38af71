"""Faults injected into each command, by subject: whole and once, or not at all."""
