"""The officers' pages: notices."""
