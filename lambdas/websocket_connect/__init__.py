"""Remembers who is connected to the WebSocket API."""
