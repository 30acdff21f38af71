"""The browser package."""
