"""Finds who is to be paid."""
