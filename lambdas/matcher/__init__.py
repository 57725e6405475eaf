"""Assigns drivers to orders."""
