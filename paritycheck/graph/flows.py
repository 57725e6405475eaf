"""From what refers to what to how the data goes.

Most references go with the data: an API's integration names the function that it calls, a topic's subscription the queue. What
pulls names its source instead; and what a program reads and writes is often named by its role's policies alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from paritycheck.graph.services import service_of
from paritycheck.topology import Band, Node

_PULLING = frozenset({"aws_lambda_event_source_mapping"})
"""Types that join a source, of another service, to the target that pulls from it."""
_SILENT = frozenset({"aws_lambda_permission"})
"""Types that only permit what another one sets up."""
_IDENTITY = "IAM"

Pair = tuple[str, str]
"""Addresses of two nodes: where data comes from, and where it goes; or of what refers, and of what it refers to."""


class Flows:
    """Finds how the data goes between the resources of services that handle it."""

    def __init__(self, nodes: Mapping[str, Node], references: Iterable[Pair], mentions: Mapping[str, Iterable[str]]) -> None:
        """Take all nodes by address, what refers to what, and what policies name without referring to it."""
        self._nodes = nodes
        self._mentions = mentions
        self._to: dict[str, list[str]] = {}
        self._from: dict[str, list[str]] = {}
        for source, target in references:
            self._to.setdefault(source, []).append(target)
            self._from.setdefault(target, []).append(source)

    def find(self) -> tuple[Pair, ...]:
        """Return the pairs between resources, each once; what is pulled does not flow back by a grant to pull it."""
        direct = dict.fromkeys(pair for address in self._to for pair in self._direct(address))
        pulled = dict.fromkeys(pair for address in self._to for pair in self._pulled(address))
        granted = dict.fromkeys(pair for address in self._to for pair in self._granted(address))
        forward = {**direct, **pulled}
        return tuple(dict.fromkeys([*forward, *(pair for pair in granted if pair[::-1] not in forward)]))

    def _handles(self, address: str) -> bool:
        """Tell whether a node handles data itself."""
        node = self._nodes[address]
        return node.mode == "managed" and node.type not in _PULLING | _SILENT and service_of(node.type).band is not Band.SUPPORT

    def _direct(self, address: str) -> Iterator[Pair]:
        if self._handles(address):
            yield from ((address, target) for target in self._to[address] if self._handles(target))

    def _pulled(self, address: str) -> Iterator[Pair]:
        if self._nodes[address].type in _PULLING:
            ends = [end for end in self._to[address] if self._handles(end)]
            own = [end for end in ends if self._nodes[end].service == self._nodes[address].service]
            yield from ((source, target) for source in ends if source not in own for target in own)

    def _granted(self, address: str) -> Iterator[Pair]:
        """Yield what the policies of a resource's roles are about."""
        if not self._handles(address):
            return
        for role in filter(self._is_identity, self._to[address]):
            for policy in filter(self._is_identity, self._from.get(role, ())):
                yield from ((address, target) for target in self._subjects(policy) if target != address)

    def _subjects(self, policy: str) -> Iterator[str]:
        """Yield the resources that a policy, or a document behind it, refers to."""
        waiting, seen = [policy], {policy}
        while waiting:
            document = waiting.pop()
            for target in (*self._to.get(document, ()), *self._mentions.get(document, ())):
                if self._handles(target):
                    yield target
                elif self._is_identity(target) and target not in seen and self._nodes[target].type != "aws_iam_role":
                    seen.add(target)
                    waiting.append(target)

    def _is_identity(self, address: str) -> bool:
        return self._nodes[address].service == _IDENTITY
