"""From syntax trees to closures."""
