"""Lets customers track their orders over the WebSocket API."""
