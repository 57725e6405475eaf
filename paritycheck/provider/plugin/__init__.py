"""The plugin protocol: one server for all providers and environments."""
