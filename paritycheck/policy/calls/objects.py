"""What a value in a function's source may be: abstract objects, each of which stands for all that one place makes.

An object is known by the place that makes it and by the calls that led there; what it holds is in the store.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from paritycheck.policy.calls.model import Env, Joined, Text, Unknown
from paritycheck.policy.calls.sources import SourceModule

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Sites = tuple[ast.AST, ...]
"""The calls that led to a place, the last one first; not more than a few."""


class Mark:
    """A name that no source can write."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


ANY: Final = Mark("ANY")
"""What is held under a name, key or index that is not known."""
KEYS: Final = Mark("KEYS")
"""The keys of a mapping that are no constants."""
CONTENTS: Final = Mark("CONTENTS")
"""What somebody else's object was given."""
CALLBACKS: Final = Mark("CALLBACKS")
"""The functions and instances that somebody else was given, and may call."""
RETURNED: Final = Mark("RETURNED")
"""What a function returns."""
YIELDED: Final = Mark("YIELDED")
"""The generator that a function returns."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Frame:
    """A run of a module's, class's or function's code, for all runs with the same context."""

    code: ast.Module | ast.ClassDef | FunctionNode | Opaque
    """An opaque object stands for somebody else's code, which calls what it was given."""
    module: SourceModule
    parent: Frame | None
    """The frame in which the code is defined."""
    context: tuple[tuple[ast.AST, Any], ...] = ()
    """The calls that led here, each with its method's receiver."""
    owner: Class | None = None
    """The class in whose body the function is defined."""
    local: frozenset[str] = frozenset()
    """The names that are the code's own."""

    @property
    def node(self) -> ast.AST:
        """The syntax of the code."""
        return self.code.node if isinstance(self.code, Opaque) else self.code

    @property
    def sites(self) -> Sites:
        """The calls that led here, as objects made here remember them."""
        return tuple(site for site, _ in self.context)


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the sources."""

    name: str


@dataclass(frozen=True, slots=True)
class Library:
    """Something that is imported from outside the sources, or built in, by its full name."""

    path: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """What something from outside answered: it may answer whatever it was given, and call it."""

    origin: str
    """The name of the library."""
    node: ast.AST


@dataclass(frozen=True, slots=True)
class Function:
    """A function or a lambda."""

    node: FunctionNode
    frame: Frame
    """Where it is defined."""
    owner: Class | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """A class."""

    node: ast.ClassDef
    frame: Frame


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a class."""

    cls: Class
    node: ast.AST
    sites: Sites


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A function that a class answers in another way than as a method."""

    kind: Literal["property", "setter", "static", "class"]
    function: Value


@dataclass(frozen=True, slots=True)
class Bound:
    """A function with its first argument, such as a method of an object."""

    function: Function | Library
    receiver: Value


@dataclass(frozen=True, slots=True)
class Super:
    """The methods of an object that come after those of a class."""

    cls: Class
    receiver: Value


@dataclass(frozen=True, slots=True)
class Partial:
    """A function with some of its arguments."""

    node: ast.AST
    sites: Sites


@dataclass(frozen=True, slots=True)
class Container:
    """A list, tuple, set, mapping or generator."""

    kind: Literal["sequence", "tuple", "mapping", "rest", "keywords"]
    node: ast.AST
    sites: Sites


@dataclass(frozen=True, slots=True)
class Field:
    """What `dataclasses.fields` says of a field."""

    name: str


@dataclass(frozen=True, slots=True)
class Environ:
    """The process's environment."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session of boto3 or botocore."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Credentials of the function's role."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client of a service."""

    service: str
    node: ast.AST
    sites: Sites


@dataclass(frozen=True, slots=True)
class Pages:
    """A paginator or a waiter of a client."""

    client: Client
    operation: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of boto3, such as a table; the service's own has the kind ""."""

    client: Client
    kind: str
    node: ast.AST
    sites: Sites


@dataclass(frozen=True, slots=True)
class Collection:
    """Resources that belong to a resource, such as the objects of a bucket."""

    resource: Resource
    name: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is made by hand, with its `method` and `url`."""

    node: ast.AST
    sites: Sites


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests by hand, for its `service`."""

    node: ast.AST
    sites: Sites


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of AWS to a call."""

    node: ast.AST
    sites: Sites


@dataclass(frozen=True, slots=True)
class Method:
    """A method of an object that stands for AWS."""

    receiver: Aws
    name: str


Aws = Session | Credentials | Client | Pages | Resource | Collection | Signer
"""What can call AWS, or have it called."""
Argument = Text | Env | Joined | Unknown
Value = (
    Argument
    | Module
    | Library
    | Opaque
    | Function
    | Class
    | Instance
    | Descriptor
    | Bound
    | Super
    | Partial
    | Container
    | Environ
    | Field
    | Aws
    | Request
    | Answer
    | Method
)
Values = frozenset[Value]
"""All that an expression may be; numbers and None are nothing."""
NOTHING: Values = frozenset()


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call."""

    positional: tuple[Values, ...] = ()
    keywords: Mapping[str, Values] = field(default_factory=dict)
    more: Values = NOTHING
    """What may be any positional argument beyond those."""
    others: Values = NOTHING
    """What may be any further keyword argument."""

    def at(self, index: int, name: str) -> Values:
        """Return what the parameter at this index, of this name, may be."""
        given = self.positional[index] if index < len(self.positional) else self.more
        return given | self.keywords.get(name, self.others)

    def named(self, name: str) -> Values:
        """Return what the keyword argument of this name may be."""
        return self.keywords.get(name, self.others)

    def everything(self) -> Values:
        """Return what any argument may be."""
        return self.more.union(self.others, *self.positional, *self.keywords.values())

    def after(self, count: int) -> Arguments:
        """Return the arguments without the first positional ones."""
        return Arguments(self.positional[count:], self.keywords, self.more, self.others)

    def before(self, first: Values) -> Arguments:
        """Return the arguments with one more in front."""
        return Arguments((first, *self.positional), self.keywords, self.more, self.others)


def anything(values: Values) -> Arguments:
    """Return arguments of which each may be any of these values."""
    return Arguments(more=values, others=values)
