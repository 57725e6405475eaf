"""What a configuration declares and needs, told from its files alone: types, providers, modules, variables, backend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from paritycheck.errors import Location
from paritycheck.source.constructs import Literal, Reference
from paritycheck.source.module import Module, normalize_source, string_value
from paritycheck.source.reading import read
from paritycheck.source.syntax import Block

_BUILT_IN = "terraform"


@dataclass(frozen=True, slots=True)
class Variable:
    """An input variable of a module."""

    name: str
    directory: Path
    location: Location
    sensitive: bool
    required: bool
    """Whether it has no default."""


@dataclass(frozen=True, slots=True)
class RemoteModule:
    """A module call whose source is not a local directory."""

    name: str
    source: str
    location: Location


@dataclass(frozen=True, slots=True)
class Declarations:
    """What some root modules and the local modules below them declare."""

    resource_types: frozenset[str]
    data_source_types: frozenset[str]
    ephemeral_types: frozenset[str]
    provider_sources: frozenset[str]
    """Source addresses of all providers but the built-in one, such as `hashicorp/aws`; a host is kept where it is not a public registry."""
    directories: tuple[Path, ...]
    """Directory of every module that was read, the root modules first."""
    remote_modules: tuple[RemoteModule, ...]
    variables: tuple[Variable, ...]
    """Of the root modules."""
    backends: tuple[Location, ...]
    """Where a `backend` or `cloud` block stands in a root module."""


def declarations(directories: Iterable[Path]) -> Declarations:
    """Read root modules and, below them, every module called by a relative path. Raises `ConfigError` for unreadable files."""
    roots = [Module(directory) for directory in dict.fromkeys(directory.resolve() for directory in directories)]
    modules = list(_reachable(roots))
    return Declarations(
        resource_types=_types(modules, "resource"),
        data_source_types=_types(modules, "data"),
        ephemeral_types=_types(modules, "ephemeral"),
        provider_sources=frozenset(source for module in modules for source in _providers(module)),
        directories=tuple(module.directory for module in modules),
        remote_modules=tuple(remote for module in modules for remote in _remote_modules(module)),
        variables=tuple(variable for module in roots for variable in variables(module)),
        backends=tuple(
            block.location
            for module in roots
            for setting in module.settings
            for block in setting.blocks
            if block.kind in {"backend", "cloud"}
        ),
    )


def variables(module: Module) -> tuple[Variable, ...]:
    """Return the input variables of a module, in their order."""
    return tuple(
        Variable(name, module.directory, block.location, _is_true(block, "sensitive"), "default" not in block.attributes)
        for name, block in module.of_kind("variable").items()
    )


def _reachable(roots: Iterable[Module]) -> Iterator[Module]:
    waiting, seen = list(roots), set()
    while waiting:
        module = waiting.pop(0)
        if module.directory in seen:
            continue
        seen.add(module.directory)
        yield module
        called = [module.call_directory(name) for name in module.of_kind("module")]
        waiting.extend(Module(directory) for directory in called if directory and directory not in seen and directory.is_dir())


def _types(modules: Iterable[Module], kind: str) -> frozenset[str]:
    return frozenset(block.labels[0] for module in modules for block in module.resources.values() if block.kind == kind)


def _providers(module: Module) -> Iterator[str]:
    names = {block.labels[0] for block in module.blocks.values() if block.kind == "provider"}
    names |= {_provider_name(block) for block in module.resources.values()}
    yield from module.provider_sources.values()
    yield from (normalize_source(name) for name in names if name != _BUILT_IN and name not in module.provider_sources)


def _provider_name(block: Block) -> str:
    """Return the local name of a resource's provider: its `provider` argument's, else its type's first word."""
    chosen = block.attributes.get("provider")
    match read(chosen.value) if chosen else None:
        case Reference(name, _):
            return name
        case Literal(str() as text):
            return text.partition(".")[0]
        case _:
            return block.labels[0].partition("_")[0]


def _remote_modules(module: Module) -> Iterator[RemoteModule]:
    for name, block in module.of_kind("module").items():
        source = string_value(block.attributes.get("source"))
        if source is not None and module.call_directory(name) is None:
            yield RemoteModule(name, source, block.location)


def _is_true(block: Block, name: str) -> bool:
    attribute = block.attributes.get(name)
    return attribute is not None and read(attribute.value) in {Literal(True), Literal("true")}
