"""Tells the connections to one gRPC server apart.

Terraform opens one connection for each provider configuration, and what `ConfigureProvider` says holds for that connection
alone. gRPC names a client by its address, and clients of a unix socket have none. So Terraform connects to a relay, which
hands the bytes on over a socket of its own that has an address, and keeps what belongs to that address.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from typing import Generic, TypeVar

_CHUNK = 1 << 18

SessionT = TypeVar("SessionT")


class Relay(Generic[SessionT]):
    """Accepts connections for a backend socket, and makes a session for each of them."""

    def __init__(self, directory: Path, backend: Path) -> None:
        """Relay to `backend`; sockets are made in `directory`, which must be private."""
        self._directory = directory
        self._backend = str(backend)
        self._numbers = itertools.count()
        self._sessions: dict[str, SessionT] = {}
        self._sockets: set[socket.socket] = set()
        self._lock = Lock()
        self._closed = False

    def listen(self, make_session: Callable[[], SessionT]) -> Path:
        """Open a socket to connect to, and return its path; each connection to it gets a session of its own."""
        path = self._directory / f"l{next(self._numbers)}"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(128)
        self._keep(listener)
        Thread(target=self._accept, args=(listener, make_session), daemon=True, name="paritycheck-accept").start()
        return path

    def session(self, peer: str) -> SessionT:
        """Return the session of a peer, as gRPC names it."""
        with self._lock:
            return self._sessions[peer]

    def close(self) -> None:
        """Stop listening, and end every connection."""
        with self._lock:
            self._closed = True
            sockets = list(self._sockets)
        for each in sockets:
            _end(each)

    def _accept(self, listener: socket.socket, make_session: Callable[[], SessionT]) -> None:
        with listener, contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                Thread(target=self._relay, args=(client, make_session), daemon=True, name="paritycheck-relay").start()

    def _relay(self, client: socket.socket, make_session: Callable[[], SessionT]) -> None:
        address = str(self._directory / f"c{next(self._numbers)}")
        peer = f"unix:{address}"
        with client, socket.socket(socket.AF_UNIX) as upstream, contextlib.suppress(OSError):
            upstream.bind(address)
            with self._lock:
                self._sessions[peer] = make_session()
            try:
                self._connect(client, upstream)
            finally:
                with self._lock:
                    del self._sessions[peer]
                    self._sockets -= {client, upstream}
                Path(address).unlink()

    def _connect(self, client: socket.socket, upstream: socket.socket) -> None:
        upstream.connect(self._backend)
        self._keep(client)
        self._keep(upstream)
        back = Thread(target=_pump, args=(upstream, client), daemon=True, name="paritycheck-relay-back")
        back.start()
        _pump(client, upstream)
        back.join()

    def _keep(self, each: socket.socket) -> None:
        with self._lock:
            self._sockets.add(each)
            closed = self._closed
        if closed:
            _end(each)


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Hand bytes on until one side ends, then end the other."""
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    _end(target)


def _end(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
