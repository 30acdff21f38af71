"""The procedures package."""
