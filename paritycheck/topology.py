"""The resources of a stack and how they refer to each other: plain frozen values for pictures, without any secret in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Band(StrEnum):
    """Where in a picture a service belongs."""

    ENTRY = "entry"
    """Where requests come in."""
    FLOW = "flow"
    """What handles and keeps the data."""
    SUPPORT = "support"
    """What everything else stands on or is watched by: identities, keys, networks, alarms."""


@dataclass(frozen=True, slots=True)
class Service:
    """A product of a provider, such as SQS, by the name that people call it."""

    name: str
    band: Band


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is planned for one attribute, or for a part of it where only that part differs."""

    path: str
    """Dotted, as in a `Finding`."""
    value: Any = None
    """A `Shown` value: where all environments agree; `{env}` stands for their own names."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """A `Shown` value by environment, where they do not agree; empty where they do."""


@dataclass(frozen=True, slots=True)
class Node:
    """A resource or a data source in all environments at once; instances of `count` and `for_each` are nodes of their own."""

    address: str
    """Its environment's name normalized, as in a `Finding`."""
    block: str
    """The address without keys: what instances of one `resource` or `data` block have in common."""
    mode: str
    """`managed` or `data`."""
    type: str
    name: str
    key: str
    """Key of `for_each` or number of `count`; empty for the only instance."""
    module: str
    """Address of the module instance; empty for the root module."""
    service: str
    """Name of its `Service`."""
    actions: Mapping[str, str]
    """What is planned, by the name of each environment that has it: `create`, `update`, `delete`, `replace`, `no-op`, `read`."""
    attributes: tuple[Attribute, ...] = ()
    """In the order of their paths; null ones are left out."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Something goes from one node to another: a reference, or data."""

    source: str
    """Address of the node that refers, or that data comes from."""
    target: str
    """Address of the node that is referred to, or that data goes to."""


@dataclass(frozen=True, slots=True)
class Topology:
    """All resources, and what refers to what in any environment."""

    environments: tuple[str, ...]
    services: tuple[Service, ...]
    """In the order of the data flow; those that support come last."""
    nodes: tuple[Node, ...]
    """By service in that order, then by address."""
    edges: tuple[Edge, ...]
    """What refers to what, sorted by the places of the nodes."""
    flows: tuple[Edge, ...]
    """How data goes between resources of services that do not only support, as far as references and roles' policies tell."""
