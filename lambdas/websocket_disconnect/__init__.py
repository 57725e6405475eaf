"""Forgets who is no longer connected to the WebSocket API."""
