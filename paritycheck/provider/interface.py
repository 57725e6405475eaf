"""The seam between Terraform's plugin protocol and the providers that answer in it.

Values are Terraform's own (cty) values as Python data: ``None``, ``bool``, ``int``, ``Decimal``, ``str``, ``list``
(lists, sets and tuples), ``dict`` (maps and objects), and `UNKNOWN` at any depth. An object value holds every
attribute of its schema, absent ones as ``None``; nested blocks are lists of objects (``list`` and ``set`` nesting),
maps of objects (``map``), or an object or ``None`` (``single``, ``group``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any


class Unknown(Enum):
    """The type of `UNKNOWN`."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown.UNKNOWN
"""A value that is not known before apply."""

Value = Any
"""A value as the module's docstring says."""


@dataclass(frozen=True, slots=True)
class Dynamic:
    """The value of an attribute of type ``"dynamic"``, which brings its own type along."""

    type: Any
    """Cty type as its JSON encoding."""
    value: Value


Object = dict[str, Value]
"""The value of a schema's block."""

Path = tuple[str | int, ...]
"""Steps from the top of a configuration to a value: attribute and block names, map keys, list indexes."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a block."""

    type: Any
    """A cty type as its JSON encoding: ``"string"``, ``["list", "string"]``, ``["object", {...}]``, ``"dynamic"``."""
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    deprecated: bool = False
    nested: NestedBlock | None = None
    """What a nested attribute's objects hold (plugin protocol 6); `type` then is the type that this implies."""


@dataclass(frozen=True)
class NestedBlock:
    """A kind of nested block."""

    nesting: str
    """``single``, ``group``, ``list``, ``set`` or ``map``."""
    block: Block
    min_items: int = 0
    max_items: int = 0
    """0 for no limit."""

    @cached_property
    def type(self) -> Any:
        """Cty type of all blocks of this kind together, as its JSON encoding."""
        return self.block.type if self.nesting in {"single", "group"} else [self.nesting, self.block.type]


@dataclass(frozen=True)
class Block:
    """What a configuration block may hold."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    blocks: Mapping[str, NestedBlock] = field(default_factory=dict)

    @cached_property
    def type(self) -> Any:
        """Cty type of the block's object, as its JSON encoding."""
        types = {name: attribute.type for name, attribute in self.attributes.items()}
        return ["object", types | {name: nested.type for name, nested in self.blocks.items()}]


@dataclass(frozen=True, slots=True)
class Schema:
    """The schema of a resource type, a data source or a provider's own configuration."""

    block: Block = Block()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A complaint that Terraform prints with the file and line of `path`."""

    summary: str
    detail: str = ""
    path: Path = ()
    warning: bool = False


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a mistake
    """Raised by a provider to refuse a request; carries diagnostics for the user."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        """Hold one diagnostic or more."""
        super().__init__(diagnostics[0].summary)
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What a resource will be."""

    planned: Object | None
    replace: Sequence[Path] = ()
    """Attributes whose change forces a replacement."""


@dataclass(frozen=True, slots=True)
class Function:
    """A provider-defined function, called as ``provider::NAME::FUNCTION(...)``."""

    parameters: Sequence[tuple[str, Any]]
    """Name and cty type of each parameter."""
    result: Any
    """Cty type of the result."""
    call: Callable[..., Value]
    """Takes the arguments in order; raises `ValueError` with a text for the user."""
    variadic: tuple[str, Any] | None = None


class Instance(ABC):
    """A provider configured once: one per alias and environment."""

    def validate_resource(self, type_name: str, config: Object) -> Sequence[Diagnostic]:
        """Check a resource's configuration, in which anything may still be unknown."""
        del type_name, config
        return ()

    def validate_data_source(self, type_name: str, config: Object) -> Sequence[Diagnostic]:
        """Check a data source's configuration, in which anything may still be unknown."""
        del type_name, config
        return ()

    @abstractmethod
    def plan(self, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None) -> PlannedChange:
        """Plan a create (no prior), an update or a delete (no proposed). Raise `Refused` to refuse it."""

    @abstractmethod
    def read_data_source(self, type_name: str, config: Object) -> Object:
        """Return the whole object of a data source. Raise `Refused` to refuse it."""

    def import_resource(self, type_name: str, identifier: str) -> Object:
        """Return the object that an ``import`` block brings under management, as far as it can be known offline."""
        raise Refused(Diagnostic(f"{type_name} cannot be imported offline", f"Nothing is known about {identifier!r}."))


class Provider(ABC):
    """A provider as the offline engine serves it."""

    source: str
    """Source address without a host, such as ``hashicorp/aws``."""

    @abstractmethod
    def schema(self) -> Schema:
        """Return the schema of the provider's own configuration."""

    @abstractmethod
    def resource_schema(self, type_name: str) -> Schema | None:
        """Return the schema of a managed resource type, or ``None`` where the provider has none."""

    @abstractmethod
    def data_source_schema(self, type_name: str) -> Schema | None:
        """Return the schema of a data source, or ``None`` where the provider has none."""

    def functions(self) -> Mapping[str, Function]:
        """Return the provider-defined functions by name."""
        return {}

    @abstractmethod
    def configure(self, config: Object) -> Instance:
        """Return an instance for one provider configuration. Raise `Refused` to refuse it."""
