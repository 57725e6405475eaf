"""AWS calls of functions, found in their sources."""
