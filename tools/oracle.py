"""A client of a real provider's binary, for the tools that learn from it and measure against it.

The binary speaks Terraform's plugin protocol 5 over gRPC, whose messages are those of protocol 6 on the wire (the
names of the services differ). Nothing in the product or in its tests without the mark ``oracle`` needs it.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import grpc
import msgpack
from tf.gen import tfplugin_pb2 as pb

from paritycheck.provider.interface import UNKNOWN

# NOTE: https://github.com/hashicorp/terraform/blob/main/internal/plugin/serve.go has the handshake of every provider.
MAGIC_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
NESTING = {1: "single", 2: "list", 3: "set", 4: "map", 5: "group"}
OFFLINE = {
    "access_key": "dummy",
    "secret_key": "dummy",
    "region": "us-east-1",
    "skip_credentials_validation": True,
    "skip_metadata_api_check": "true",
    "skip_region_validation": True,
    "skip_requesting_account_id": True,
}
"""The AWS provider's configuration with which it plans without an account."""


class OracleError(Exception):
    """The provider gave no answer: it crashed, or took too long."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A diagnostic of the provider."""

    summary: str
    detail: str
    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider plans."""

    planned: Any
    replace: tuple[tuple[str | int, ...], ...] = ()
    legacy: bool = False
    """The type is served by the provider's old SDK, which does not keep to core's rules."""
    errors: tuple[Complaint, ...] = ()


@dataclass
class Oracle:
    """A running provider, started again after a crash."""

    binary: Path
    scratch: Path
    """A directory for the provider's socket and temporary files."""
    configuration: Mapping[str, Any] = field(default_factory=lambda: OFFLINE)
    timeout: float = 20.0
    """Seconds that a single question may take."""
    process: subprocess.Popen[str] | None = None
    channel: grpc.Channel | None = None

    @cached_property
    def schemas(self) -> Any:
        """The provider's schemas, as the protocol's own message."""
        return self.ask("GetSchema", pb.GetProviderSchema.Request(), pb.GetProviderSchema.Response, 120)

    def plan(self, kind: str, config: Any, *, prior: Any = None, proposed: Any = None) -> Answer:
        """Plan a create or, with a prior state, an update of a resource of type `kind`."""
        request = pb.PlanResourceChange.Request(
            type_name=kind,
            prior_state=encode(prior),
            proposed_new_state=encode(config if proposed is None else proposed),
            config=encode(config),
        )
        response = self.ask("PlanResourceChange", request, pb.PlanResourceChange.Response)
        return Answer(
            decode(response.planned_state),
            tuple(steps(path) for path in response.requires_replace),
            response.legacy_type_system,
            tuple(complaints(response.diagnostics)),
        )

    def validate(self, kind: str, config: Any) -> list[Complaint]:
        """Return what the provider has against a resource's configuration."""
        request = pb.ValidateResourceConfig.Request(type_name=kind, config=encode(config))
        return list(complaints(self.ask("ValidateResourceTypeConfig", request, pb.ValidateResourceConfig.Response).diagnostics))

    def ask(self, method: str, request: Any, response: Any, timeout: float | None = None) -> Any:
        """Call a method of protocol 5; raise `OracleError` where no answer comes."""
        if self.channel is None:
            self.start()
        assert self.channel is not None
        call = self.channel.unary_unary(
            f"/tfplugin5.Provider/{method}", request_serializer=type(request).SerializeToString, response_deserializer=response.FromString
        )
        try:
            return call(request, timeout=timeout or self.timeout)
        except grpc.RpcError as error:
            self.stop()
            raise OracleError(f"{method}: {error.code().name}") from error

    def start(self) -> None:
        """Start the provider and configure it."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.scratch), "TMPDIR": str(self.scratch)}
        environment |= {"TF_PLUGIN_MAGIC_COOKIE": MAGIC_COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5"}
        self.process = subprocess.Popen([self.binary], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        _, _, network, address, *_ = self.process.stdout.readline().strip().split("|")
        unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        self.channel = grpc.insecure_channel(f"unix:{address}" if network == "unix" else address, options=unlimited)
        config = {**empty(self.schemas.provider.block), **self.configuration}
        request = pb.ConfigureProvider.Request(terraform_version="1.11.4", config=encode(config))
        refused = self.ask("Configure", request, pb.ConfigureProvider.Response, 60).diagnostics
        if any(item.severity == 1 for item in refused):
            raise OracleError(refused[0].summary)

    def stop(self) -> None:
        """End the provider."""
        if self.channel is not None:
            self.channel.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = self.channel = None


@contextmanager
def oracle(binary: Path, configuration: Mapping[str, Any] = OFFLINE) -> Iterator[Oracle]:
    """Give a provider for the length of a block; it is started at the first question."""
    with tempfile.TemporaryDirectory() as scratch:
        running = Oracle(binary, Path(scratch), configuration)
        try:
            yield running
        finally:
            running.stop()


def encode(value: Any) -> Any:
    """Return a value as the protocol carries it; `UNKNOWN` is msgpack's extension 0."""
    return pb.DynamicValue(msgpack=msgpack.packb(value, default=lambda _: msgpack.ExtType(0, b"\0")))


def decode(value: Any) -> Any:
    """Return a value that the protocol carried."""
    return msgpack.unpackb(value.msgpack, ext_hook=lambda _code, _data: UNKNOWN, strict_map_key=False) if value.msgpack else None


def complaints(diagnostics: Any) -> Iterator[Complaint]:
    """Yield the errors among diagnostics; warnings are left out."""
    for item in diagnostics:
        if item.severity == 1:
            yield Complaint(item.summary, item.detail, steps(item.attribute))


def steps(path: Any) -> tuple[str | int, ...]:
    """Return the steps of a protocol's path: names, keys and indexes."""
    return tuple(getattr(step, step.WhichOneof("selector")) for step in path.steps)


def empty(block: Any, *, inside: Callable[[Any], Any] = lambda _nested: None) -> dict[str, Any]:
    """Return the value of a block in which nothing is written; `inside` says what a nested block holds (``None``: nothing)."""
    value: dict[str, Any] = {attribute.name: None for attribute in block.attributes}
    for nested in block.block_types:
        value[nested.type_name] = wrap(nested, inside(nested))
    return value


def wrap(nested: Any, content: Any) -> Any:
    """Return one nested block's content as the value of its name; ``None`` stands for no block."""
    kind = NESTING[nested.nesting]
    if kind in {"single", "group"}:
        return content
    if kind == "map":
        return {} if content is None else {"a": content}
    return [] if content is None else [content]


def cty(attribute: Any) -> Any:
    """Return an attribute's type in cty's JSON form."""
    return json.loads(attribute.type)
