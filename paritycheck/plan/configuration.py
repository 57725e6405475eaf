"""The configuration inside a plan: which expression refers to what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')
"""The key of an instance in an address: a text for `for_each`, a number for `count`."""


def static_address(address: str) -> str:
    """Return an instance's address without the keys and numbers of `for_each` and `count`: as the configuration writes it."""
    return KEY.sub("", address)


class ConfiguredVariable(Struct, frozen=True):
    """A variable's declaration."""

    sensitive: bool = False


class ConfiguredOutput(Struct, frozen=True):
    """An output's declaration."""

    expression: Any = None
    sensitive: bool = False
    depends_on: tuple[str, ...] = ()


class Provisioner(Struct, frozen=True):
    """A `provisioner` block: what it runs is in no planned value."""

    type: str = ""
    expressions: Any = None

    def __repr__(self) -> str:
        return f"Provisioner({self.type!r})"


class ConfiguredResource(Struct, frozen=True):
    """A `resource` or `data` block."""

    address: str = ""
    mode: str = "managed"
    provider_config_key: str = ""
    expressions: Any = None
    count_expression: Any = None
    for_each_expression: Any = None
    provisioners: tuple[Provisioner, ...] = ()
    depends_on: tuple[str, ...] = ()

    @property
    def repeated(self) -> bool:
        """Whether `count` or `for_each` decides how many instances there are."""
        return self.count_expression is not None or self.for_each_expression is not None

    def __repr__(self) -> str:
        return f"ConfiguredResource({self.address!r})"


class ModuleCall(Struct, frozen=True):
    """A `module` block and the module that it calls."""

    source: str = ""
    expressions: Any = None
    count_expression: Any = None
    for_each_expression: Any = None
    depends_on: tuple[str, ...] = ()
    version_constraint: str = ""
    module: ConfiguredModule | None = None

    @property
    def repeated(self) -> bool:
        """Whether `count` or `for_each` decides how many instances there are."""
        return self.count_expression is not None or self.for_each_expression is not None

    def __repr__(self) -> str:
        return f"ModuleCall({self.source!r})"


class ConfiguredModule(Struct, frozen=True):
    """The blocks of a module."""

    resources: tuple[ConfiguredResource, ...] = ()
    module_calls: Mapping[str, ModuleCall] = {}
    outputs: Mapping[str, ConfiguredOutput] = {}
    variables: Mapping[str, ConfiguredVariable] = {}

    def __repr__(self) -> str:
        return f"ConfiguredModule({len(self.resources)} resources)"


class ProviderConfig(Struct, frozen=True):
    """A `provider` block, or a provider that is used without one."""

    name: str = ""
    full_name: str = ""
    alias: str = ""
    version_constraint: str = ""
    expressions: Any = None

    def __repr__(self) -> str:
        return f"ProviderConfig({self.name!r})"


Block = ConfiguredResource | ModuleCall | ConfiguredOutput | ProviderConfig
"""All that can refer to something."""


class Configuration(Struct, frozen=True):
    """What the plan says of the configuration behind it."""

    provider_config: Mapping[str, ProviderConfig] = {}
    root_module: ConfiguredModule = ConfiguredModule()

    def resources(self) -> Iterator[tuple[str, ConfiguredResource, bool]]:
        """Yield every block's static address, the block, and whether its number of instances is an expression's."""
        yield from _walk(self.root_module, "", repeated=False)

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Yield every block with its static address."""
        for address, resource, _ in self.resources():
            yield address, resource
        yield from _walk_calls(self.root_module, "")
        for name, output in self.root_module.outputs.items():
            yield f"output.{name}", output
        for key, provider in self.provider_config.items():
            yield f"provider.{key}", provider

    def sensitive_variables(self) -> frozenset[str]:
        """Return the names of the root module's sensitive variables."""
        return frozenset(name for name, variable in self.root_module.variables.items() if variable.sensitive)

    def __repr__(self) -> str:
        return "Configuration()"


def _walk(module: ConfiguredModule, prefix: str, *, repeated: bool) -> Iterator[tuple[str, ConfiguredResource, bool]]:
    for resource in module.resources:
        yield prefix + resource.address, resource, repeated or resource.repeated
    for name, call in module.module_calls.items():
        if call.module is not None:
            yield from _walk(call.module, f"{prefix}module.{name}.", repeated=repeated or call.repeated)


def _walk_calls(module: ConfiguredModule, prefix: str) -> Iterator[tuple[str, ModuleCall]]:
    for name, call in module.module_calls.items():
        yield f"{prefix}module.{name}", call
        if call.module is not None:
            yield from _walk_calls(call.module, f"{prefix}module.{name}.")


def leaves(expression: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (path, expression) for every attribute below a block's expressions, nested blocks included.

    An expression holds either a `constant_value` or the `references` in it.
    """
    if isinstance(expression, list):
        for number, item in enumerate(expression):
            yield from leaves(item, f"{path}[{number}]")
    elif isinstance(expression, dict):
        if "constant_value" in expression or isinstance(expression.get("references"), list):
            yield path, expression
        else:
            for name, item in expression.items():
                yield from leaves(item, f"{path}.{name}" if path else str(name))


def expressions(block: Block) -> Any:
    """Return the expressions that a block holds, those of provisioners included, by attribute."""
    if isinstance(block, ConfiguredOutput):
        return {"value": block.expression}
    if isinstance(block, ConfiguredResource) and block.provisioners:
        return {**(block.expressions or {}), "provisioner": [each.expressions for each in block.provisioners]}
    return block.expressions


def references(block: Block) -> dict[str, frozenset[str]]:
    """Return what each attribute of a block refers to; `count`, `for_each`, `provisioner` and `depends_on` count as attributes."""
    found = dict(_read(leaves(expressions(block))))
    if isinstance(block, ConfiguredResource | ModuleCall):
        found.update(_read(leaves(block.count_expression, "count")))
        found.update(_read(leaves(block.for_each_expression, "for_each")))
    if not isinstance(block, ProviderConfig) and block.depends_on:
        found["depends_on"] = frozenset(block.depends_on)
    return found


def _read(found: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[str, frozenset[str]]]:
    for path, expression in found:
        if references := expression.get("references"):
            yield path, frozenset(map(str, references))
