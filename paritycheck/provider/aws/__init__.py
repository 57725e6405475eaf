"""The AWS provider, planned offline."""
