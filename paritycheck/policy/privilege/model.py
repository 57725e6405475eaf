"""What the proof is about: functions, what they need, and what cannot be told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paritycheck.errors import Location
from paritycheck.plan import Resource


@dataclass(frozen=True, slots=True)
class Function:
    """A planned function."""

    resource: Resource
    name: str
    arn: str
    role_arn: str
    role: Resource | None
    """Its role, if that is in the plan."""
    environment: Mapping[str, Any] | None
    """The variables of its environment; `None` where nothing of them can be told."""


@dataclass(frozen=True, slots=True)
class Need:
    """One request that a function, or a service on its behalf, makes with its role."""

    action: str
    resource: str
    """ARN, with an asterisk for what is chosen while it runs; `*` where the action knows no resources."""
    why: str
    """Who makes it, as the subject of a sentence: "lambdas/a/stores.py:12 calls PutItem"."""
    location: Location | None = None
    limit: str = ""
    """The widest pattern of resources that serves this need alone; `resource` where it is empty."""
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Condition keys that the request sets."""
    by_code: bool = True
    """Whether the function's own code makes it, rather than a service."""
    optional: bool = False
    """Whether it may be missing, such as what only the console asks for."""
    vague: bool = False
    """Whether it may be about less than `resource`: the source does not tell of what it is a part."""
    observed: bool = False
    """Whether calls of its action were observed, which tell more."""
    target: Resource | None = None
    """The resource that it is about, if that is in the plan."""

    @property
    def reach(self) -> str:
        """The widest pattern of resources that serves it."""
        return self.limit or self.resource


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a function may need, of which not enough can be told."""

    reason: str
    location: Location | None = None
    actions: frozenset[str] = frozenset()
    """Patterns of the actions that it may need, in lower case; anything where there are none."""
    path: str = ""
    """The attribute of the function that it is about; that of its role where it is empty."""
    hint: str = ""
    """What to do about it, where the rule's own words do not fit."""


@dataclass(frozen=True, slots=True)
class Needs:
    """All that a function needs."""

    needs: tuple[Need, ...]
    doubts: tuple[Doubt, ...] = ()
