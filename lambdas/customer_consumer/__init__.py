"""Takes notifications to the customers."""
