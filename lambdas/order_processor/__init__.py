"""Takes placed orders from the orders stream to the matcher."""
