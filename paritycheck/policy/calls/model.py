"""What is found in a function's source: the AWS calls that it can make, and what could not be followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from paritycheck.errors import Location


@dataclass(frozen=True, slots=True)
class Text:
    """A text that the source states."""

    value: str

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Env:
    """A variable of the function's environment."""

    name: str

    def __str__(self) -> str:
        return f"${{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only a run knows: of an event, of an answer, or of something that was not followed."""

    def __str__(self) -> str:
        return "?"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Joined:
    """A text that is put together of parts, in their order."""

    parts: tuple[Text | Env | Unknown, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


Argument = Text | Env | Joined | Unknown
"""What an argument of a call may be."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to AWS that a function may make, or sign for somebody else to make."""

    service: str
    """The service by its name in boto3, or the name that a request is signed for by hand: execute-api, rds-db, dsql."""
    operation: str
    """The operation by its name in the API, such as PutItem."""
    parameters: Mapping[str, tuple[Argument, ...]] = field(hash=False)
    """What each of its parameters may be, by the parameter's path.

    A member of a structure follows after a dot, and `[]` stands for all items of a list: "TableName",
    "TransactItems[].Put.TableName". The keys of a mapping whose keys are not constants are at "keys(RequestItems)". A
    parameter whose content is known in part has, beside the paths of its members, `UNKNOWN` at its own path; if any
    further parameter may be given, the path "" has it. What is no text, such as a number, is given as nothing: (). A
    call whose `**parameters` may be one of several is several calls. "endpoint_url" is where the client sends its
    requests, if that is set; "method" and "url" are those of a request that is signed by hand.
    """
    location: Location

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True)
class Undecided:
    """Something by which a function may make AWS calls that were not found."""

    reason: str
    """One sentence, without its place."""
    location: Location


@dataclass(frozen=True, slots=True)
class SourceCalls:
    """The AWS calls of one function; they are all that it can make if nothing is undecided."""

    calls: tuple[Call, ...]
    """In the order of their places; one place may have several, for different parameters."""
    undecided: tuple[Undecided, ...]
    """In the order of their places."""
