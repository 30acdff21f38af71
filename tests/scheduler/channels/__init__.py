"""How notices leave the platform."""
