"""Keeps track of where drivers are."""
