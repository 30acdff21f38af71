"""What the specification asks for, and which test holds it."""
