"""Takes placed orders from the REST API, checks them, and writes them to the orders stream."""
