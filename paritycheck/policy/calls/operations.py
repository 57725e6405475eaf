"""What boto3 can call: services, the methods of their clients and resources, and the operations behind them.

The data is made by tools/build_operations.py from the models that botocore and boto3 ship; see
https://botocore.amazonaws.com/v1/documentation/api/latest/ and
https://boto3.amazonaws.com/v1/documentation/api/latest/guide/resources.html.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake_case(name: str) -> str:
    """Return the method's name that most operations have in boto3."""
    return _WORD.sub("_", name).lower()


@dataclass(frozen=True, slots=True)
class Action:
    """A request that a method of a resource makes."""

    operation: str
    identifiers: Mapping[str, str]
    """Which parameters are identifiers of the resource: their names by the parameters' paths."""
    kind: str | None = None
    """The kind of resource that the method answers."""
    sources: Mapping[str, Sequence[str]] | None = None
    """Where its identifiers come from: `[SOURCE, NAME]` by their names; see `ResourceKind.references`."""


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """What a kind of resource has, by the names of attributes and methods in Python."""

    identifiers: Sequence[str]
    """In the order of the constructor's arguments."""
    aliases: Mapping[str, str]
    """Other names of identifiers."""
    load: Action | None
    """The request that is made when an attribute is read."""
    actions: Mapping[str, Action]
    collections: Mapping[str, Action]
    batch: Mapping[str, Action]
    """Methods of collections of this kind."""
    waiters: Mapping[str, Action]
    references: Mapping[str, tuple[str, Mapping[str, Sequence[str]]]]
    """Kinds of other resources, and where their identifiers come from: `[SOURCE, NAME]` by their names.

    SOURCE is `identifier` (the one of this name), `input` (the next argument), `requestParameter` (the one of this
    name), or a part of an answer, `data` or `response`.
    """


@dataclass(frozen=True, slots=True)
class Service:
    """What boto3 knows of a service."""

    methods: Mapping[str, str]
    """Operations by the names of the client's methods."""
    waiters: Mapping[str, str]
    """Operations by the names of the waiters."""
    resources: Mapping[str, ResourceKind]
    """Kinds of resources by their names; the service's own resource is ""."""


@cache
def find_service(name: str) -> Service | None:
    """Return the service that boto3 calls so, or None where there is none."""
    facts = _facts().get(name)
    if facts is None:
        return None
    irregular = facts.get("irregular", {})
    regular = {snake_case(operation): operation for operation in facts["operations"] if operation not in irregular.values()}
    waiters = facts.get("waiters", {})
    return Service(
        methods=regular | irregular,
        waiters=waiters,
        resources={kind: _read_kind(parts, waiters) for kind, parts in facts.get("resources", {}).items()},
    )


@cache
def _facts() -> Mapping[str, Any]:
    packed = files("paritycheck.policy").joinpath("data", "operations.json.xz").read_bytes()
    facts: Mapping[str, Any] = json.loads(lzma.decompress(packed))
    return facts


def _read_kind(parts: Mapping[str, Any], waiters: Mapping[str, str]) -> ResourceKind:
    return ResourceKind(
        identifiers=parts.get("identifiers", ()),
        aliases=parts.get("aliases", {}),
        load=_read_action(parts["load"]) if "load" in parts else None,
        actions=_read_actions(parts.get("actions", {})),
        collections=_read_actions(parts.get("collections", {})),
        batch=_read_actions(parts.get("batch", {})),
        waiters={name: _read_action([waiters[waiter], params]) for name, (waiter, params) in parts.get("waiters", {}).items()},
        references={name: (kind, sources) for name, (kind, sources) in parts.get("has", {}).items()},
    )


def _read_actions(actions: Mapping[str, Sequence[Any]]) -> dict[str, Action]:
    return {name: _read_action(action) for name, action in actions.items()}


def _read_action(action: Sequence[Any]) -> Action:
    operation, params, *answered = action
    kind, sources = answered or (None, None)
    return Action(operation, {target: name for target, (_, name) in params.items()}, kind, sources)


def is_operation(method: str) -> bool:
    """Tell whether a client of any service has a method of this name that calls AWS."""
    return "_" in method and method in _methods()


@cache
def _methods() -> frozenset[str]:
    return frozenset(
        method for facts in _facts().values() for method in (*map(snake_case, facts["operations"]), *facts.get("irregular", {}))
    )
