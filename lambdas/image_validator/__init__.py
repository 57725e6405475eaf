"""Checks the photos that drivers upload."""
