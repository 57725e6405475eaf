"""What makes the data that the package and its tests ship, and holds it against the real providers."""
