"""Takes assignments to the drivers."""
