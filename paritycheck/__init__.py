"""Prove that Terraform environments share one topology and differ only where a reviewed rule says so."""

__version__ = "0.1.0"
