"""One plugin server in this process, for every provider and every environment's plan at once."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc

from paritycheck.provider.interface import Provider
from paritycheck.provider.plugin.relay import Relay
from paritycheck.provider.plugin.servicer import ProviderServicer, Session
from paritycheck.provider.schemas.schema_import import PUBLIC_HOSTS

_WORKERS = 4
_OPTIONS = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)]


class ProviderServer:
    """Serves providers to Terraform processes, over sockets in a private directory, while the context is open."""

    def __init__(self, providers: Sequence[Provider], directory: Path, types: Collection[str]) -> None:
        """Serve `providers`, of whose schemas only the resource types and data sources in `types` are described.

        `types` must hold those of the states too. The sockets' directory is made, readable by this user alone.
        """
        self._providers = providers
        self._directory = directory
        self._types = types

    def __enter__(self) -> Self:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory.chmod(0o700)
        backend = self._directory / "grpc"
        self._relay: Relay[Session] = Relay(self._directory, backend)
        self._server = grpc.server(ThreadPoolExecutor(_WORKERS, thread_name_prefix="paritycheck-provider"), options=_OPTIONS)
        self._server.add_generic_rpc_handlers([ProviderServicer(self._relay.session, frozenset(self._types)).handler()])
        self._server.add_insecure_port(f"unix:{backend}")
        self._server.start()
        self.reattach = self.attach(self._providers)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._relay.close()
        self._server.stop(grace=None).wait()

    def attach(self, providers: Sequence[Provider]) -> str:
        """Return the value of ``TF_REATTACH_PROVIDERS`` that leads to these providers, such as one environment's own."""
        addresses: dict[str, Any] = {}
        for provider in providers:
            config = _reattach_config(self._relay.listen(partial(Session, provider)))
            addresses |= dict.fromkeys(_addresses(provider.source), config)
        return json.dumps(addresses)


def _addresses(source: str) -> list[str]:
    """Return the full addresses of a source: in every public registry, where it names no host."""
    return [source] if source.count("/") == 2 else [f"{host}/{source}" for host in PUBLIC_HOSTS]


def _reattach_config(path: Path) -> dict[str, Any]:
    # NOTE: `Test` keeps Terraform from ending this process when it is done with the provider.
    # https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
    return {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": os.getpid(),
        "Test": True,
        "Addr": {"Network": "unix", "String": str(path)},
    }
