"""Terraform values: how the plugin protocol writes them, and how states do."""
