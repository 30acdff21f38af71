"""Reports without a log-in."""
