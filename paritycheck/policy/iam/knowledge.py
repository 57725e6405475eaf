"""What AWS says of its actions: access level, resource types, ARN formats, condition keys, actions that they depend on.

The facts are those of the Service Authorization Reference, https://docs.aws.amazon.com/service-authorization/latest/reference/,
packed by `tools/build_authorization.py`. The file is a zlib stream of JSON lines, of which only those of the services that
are asked for are decoded. Line 0 says which line is which service's, which service an AWS client's actions belong to, and the
actions of clients whose operations are named otherwise.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from paritycheck.policy.iam.automata import overlaps
from paritycheck.policy.iam.patterns import WILDCARDS, Pattern, arn_pattern, strict_arn_pattern, text_pattern

FORMAT = 1
"""Version of the file's format."""

LEVELS = ("List", "Read", "Tagging", "Write", "Permissions management")
"""Access levels, by their number in the file."""

DATA = Path(__file__).parents[1] / "data" / "authorization.catalog"


class Scope(Enum):
    """How finely a policy can say what an action may be done to."""

    RESOURCE = "resource"
    """By ARN."""
    CONDITION = "condition"
    """By condition keys alone: `Resource` must be `*`."""
    NONE = "none"
    """Not at all, but for the keys that AWS sets for every request."""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resource that policies can name."""

    name: str
    arn: str
    """Format of its ARNs, with `${Variable}` for what varies."""
    condition_keys: tuple[str, ...]

    @property
    def pattern(self) -> Pattern:
        """The pattern of its ARNs."""
        return _format_pattern(self.arn)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a policy can allow."""

    name: str
    """`service:Action`, in AWS's own case."""
    access_level: str
    """One of `LEVELS`."""
    required: tuple[ResourceType, ...]
    """The resource types of which a request always names one each."""
    optional: tuple[ResourceType, ...]
    """Those that a request may name."""
    condition_keys: tuple[str, ...]
    """As AWS writes them, such as `aws:RequestTag/${TagKey}`."""
    dependent_actions: tuple[str, ...]
    """What else a caller needs."""

    @property
    def resource_types(self) -> tuple[ResourceType, ...]:
        """All resource types that it can be limited to; none where `Resource` must be `*`."""
        return self.required + self.optional

    @property
    def scope(self) -> Scope:
        """How finely it can be granted."""
        if self.resource_types:
            return Scope.RESOURCE
        return Scope.CONDITION if self.condition_keys else Scope.NONE

    def takes(self, resource: str) -> bool:
        """Whether a pattern of ARNs, of which `*` is one, can name what the action is about."""
        if not self.resource_types:
            return resource == "*"
        pattern = arn_pattern(resource)
        return any(overlaps(pattern, each.pattern) for each in self.resource_types)


@dataclass(frozen=True, slots=True)
class Service:
    """The actions of one prefix."""

    prefix: str
    actions: Mapping[str, Action]
    """By their name in lower case."""
    resource_types: Mapping[str, ResourceType]


class Knowledge:
    """All that is known, decoded service by service as it is asked for."""

    def __init__(self, data: bytes) -> None:
        """Open a file's bytes."""
        self._lines = zlib.decompress(data).split(b"\n")
        header = json.loads(self._lines[0])
        if header["format"] != FORMAT:
            raise ValueError(f"the format of the actions is {header['format']!r}, not {FORMAT}")
        self._numbers: Mapping[str, int] = header["services"]
        self._clients: Mapping[str, str] = header["clients"]
        self._operations: Mapping[str, Mapping[str, str]] = header["operations"]
        self._services: dict[str, Service] = {}

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefixes of all services, in order."""
        return tuple(self._numbers)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all actions; this decodes everything, which takes a while."""
        return tuple(action.name for prefix in self.prefixes for action in self._decode(prefix).actions.values())

    def service(self, prefix: str) -> Service | None:
        """Return what is known of a prefix, in any case."""
        return self._decode(prefix.lower()) if prefix.lower() in self._numbers else None

    def action(self, name: str) -> Action | None:
        """Return an action by `service:Action`, in any case."""
        prefix, _, own = name.partition(":")
        service = self.service(prefix)
        return service.actions.get(own.lower()) if service else None

    def expand(self, pattern: str) -> tuple[Action, ...]:
        """Return all known actions that a policy's pattern names, in order; wildcards work as in IAM, and no case counts."""
        prefix = pattern.lower().partition(":")[0]
        if not WILDCARDS & {*pattern}:
            action = self.action(pattern)
            return (action,) if action else ()
        whole = text_pattern(pattern.lower())
        prefixes = self.prefixes if WILDCARDS & {*prefix} else [each for each in (prefix,) if each in self._numbers]
        found = (action for each in prefixes for action in self._decode(each).actions.values())
        return tuple(action for action in found if whole.matches(action.name.lower()))

    def client_prefix(self, client: str) -> str:
        """Return the prefix of an AWS client's actions, by boto3's name of it; empty where none is known."""
        return self._clients.get(client, "")

    def operation_action(self, client: str, operation: str) -> str:
        """Return the action of a client's operation where AWS names it otherwise throughout a service, or else nothing."""
        return self._operations.get(client, {}).get(operation, "")

    def _decode(self, prefix: str) -> Service:
        service = self._services.get(prefix)
        if service is None:
            service = self._services[prefix] = _read_service(prefix, json.loads(self._lines[self._numbers[prefix]]))
        return service


@lru_cache(maxsize=1)
def load_knowledge() -> Knowledge:
    """Open the file that comes with the package."""
    return Knowledge(DATA.read_bytes())


def _read_service(prefix: str, packed: Any) -> Service:
    resources, lists, actions = packed
    keys = [(), *map(tuple, lists)]
    types = [ResourceType(name, arn, keys[number]) for name, arn, number in resources]
    return Service(
        prefix,
        {name.lower(): _read_action(f"{prefix}:{name}", fields, types, keys) for name, fields in actions.items()},
        {each.name: each for each in types},
    )


_OMITTED = (0, (), (), 0, ())
"""What an action's fields are where the file leaves the last of them out."""


def _read_action(name: str, fields: list[Any], types: list[ResourceType], keys: list[tuple[str, ...]]) -> Action:
    whole: list[Any] = [*fields, *_OMITTED[len(fields) :]]
    level, required, optional, number, dependents = whole
    return Action(
        name,
        LEVELS[level],
        tuple(types[each] for each in required),
        tuple(types[each] for each in optional),
        keys[number],
        tuple(dependents),
    )


@lru_cache(maxsize=4096)
def _format_pattern(arn: str) -> Pattern:
    return strict_arn_pattern("".join(_blank(part) for part in arn.split("${")))


def _blank(part: str) -> str:
    """Put a wildcard for the variable that a part begins with; the first part begins with none."""
    variable, closed, rest = part.partition("}")
    return f"*{rest}" if closed else variable
