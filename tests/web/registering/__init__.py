"""The officers' pages: registering a clue."""
