"""Tells the order events topic what happens to orders."""
