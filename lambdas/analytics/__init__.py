"""Learns from delivered orders."""
