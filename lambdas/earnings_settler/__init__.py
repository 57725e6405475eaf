"""Pays drivers what they earned."""
