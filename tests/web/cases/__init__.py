"""The officers' pages: cases."""
