"""What providers describe: the shipped catalog, imported dumps, and which values are sets."""
