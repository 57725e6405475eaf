"""Creates and updates the tables in Aurora."""
