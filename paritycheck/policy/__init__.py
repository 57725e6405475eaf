"""Policies: what is granted, and what is checked."""
