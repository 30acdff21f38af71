"""Databases that releases have written, brought forward by today's code."""
