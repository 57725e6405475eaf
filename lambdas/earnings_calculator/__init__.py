"""Computes what drivers earned."""
