"""Takes orders to the restaurants."""
