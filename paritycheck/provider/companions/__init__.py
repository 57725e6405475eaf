"""The providers that stacks use beside that of their cloud."""
