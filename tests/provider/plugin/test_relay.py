"""Connections that are told apart."""

import itertools
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from paritycheck.provider.plugin.relay import Relay
from tests.waiting import until


@pytest.fixture
def backend(sockets: Path) -> Iterator[Path]:
    """A server that answers every connection with the name of its peer, then echoes."""
    sockets.mkdir()
    path = sockets / "b"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve(peer: socket.socket, name: str) -> None:
        with peer:
            peer.sendall(f"unix:{name}\n".encode())
            while data := peer.recv(4096):
                peer.sendall(data)

    def accept() -> None:
        while True:
            try:
                peer, name = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(peer, name), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield path
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def connect(path: Path) -> tuple[socket.socket, str]:
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(path))
    with client.makefile("rb", buffering=0) as lines:
        return client, lines.readline().decode().strip()


def test_every_connection_has_a_session_of_its_own(sockets: Path, backend: Path) -> None:
    """Also those to one socket; it is forgotten when the connection ends."""
    relay = Relay[str](sockets, backend)
    numbers = itertools.count()
    path, other = (relay.listen(lambda kind=kind: f"{kind}{next(numbers)}") for kind in "ab")
    clients = [connect(path), connect(path), connect(other)]

    assert ["a0", "a1", "b2"] == [relay.session(peer) for _, peer in clients]

    for client, _ in clients:
        client.close()
    until(lambda: {"b", "l0", "l1"} == {each.name for each in sockets.iterdir()})
    with pytest.raises(KeyError):
        relay.session(clients[0][1])
    relay.close()


def test_bytes_are_handed_on_both_ways(sockets: Path, backend: Path) -> None:
    """As many as are sent."""
    relay = Relay[None](sockets, backend)
    client, _ = connect(relay.listen(lambda: None))
    sent = bytes(range(256)) * 8192
    threading.Thread(target=client.sendall, args=(sent,), daemon=True).start()

    received = b""
    while len(received) < len(sent):
        received += client.recv(1 << 16)

    assert sent == received
    client.close()
    relay.close()


def test_a_closed_relay_ends_every_connection(sockets: Path, backend: Path) -> None:
    """And accepts no more."""
    relay = Relay[None](sockets, backend)
    path = relay.listen(lambda: None)
    client, _ = connect(path)

    relay.close()

    assert b"" == client.recv(1)
    client.close()
    with pytest.raises(ConnectionError):
        connect(path)


def test_a_missing_backend_ends_the_connection(sockets: Path) -> None:
    """Rather than keep it waiting."""
    sockets.mkdir()
    relay = Relay[None](sockets, sockets / "none")
    client, answer = connect(relay.listen(lambda: None))

    assert "" == answer
    client.close()
    relay.close()
