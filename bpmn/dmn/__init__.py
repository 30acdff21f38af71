"""The dmn package."""
