"""The officers' pages: the inbox."""
