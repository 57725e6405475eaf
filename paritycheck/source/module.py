"""One module's directory: its blocks by address, with override files laid over them as Terraform does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from paritycheck.errors import ConfigError, shown_path
from paritycheck.source.constructs import Literal, ObjectValue
from paritycheck.source.reading import read
from paritycheck.source.syntax import Attribute, Block, Expression, SourceFile

RESOURCE_KINDS = ("resource", "data", "ephemeral")
"""Kinds of blocks that stand for something a provider has."""

_ENDINGS = (".tf", ".tf.json")


class Module:
    """The files of one directory, without those of the modules that it calls."""

    def __init__(self, directory: Path) -> None:
        """Read and parse every configuration file. Raises `ConfigError` where the directory or a file cannot be read."""
        self.directory = directory
        names = sorted(_configuration_files(directory), key=lambda name: (_is_override(name), name))
        self.files = tuple(SourceFile(directory / name) for name in names)

    @cached_property
    def blocks(self) -> Mapping[str, Block]:
        """Named blocks by address: `aws_x.y`, `data.aws_x.y`, `var.x`, `output.x`, `module.x`, `provider.aws.west`."""
        found: dict[str, Block] = {}
        for file in self.files:
            for block in file.blocks:
                address = _address(block)
                if address in found and _is_override(file.path.name):
                    found[address].override(block)
                elif address is not None:
                    found.setdefault(address, block)
        return found

    @cached_property
    def locals(self) -> Mapping[str, Attribute]:
        """Local values by name."""
        return {
            name: found
            for file in self.files
            for block in file.blocks
            if block.kind == "locals"
            for name, found in block.attributes.items()
        }

    @cached_property
    def settings(self) -> tuple[Block, ...]:
        """The `terraform` blocks."""
        return tuple(block for file in self.files for block in file.blocks if block.kind == "terraform")

    @cached_property
    def resources(self) -> Mapping[str, Block]:
        """Managed, data and ephemeral resources by address."""
        return {address: block for address, block in self.blocks.items() if block.kind in RESOURCE_KINDS}

    def of_kind(self, kind: str) -> Mapping[str, Block]:
        """Return the blocks of one kind by their last label."""
        return {block.labels[-1]: block for block in self.blocks.values() if block.kind == kind}

    @cached_property
    def provider_sources(self) -> Mapping[str, str]:
        """Source address of every provider that the module requires by local name."""
        requirements = [required for block in self.settings for required in block.nested("required_providers")]
        return {
            name: normalize_source(_required_source(attribute.value) or name)
            for required in requirements
            for name, attribute in required.attributes.items()
        }

    def call_directory(self, name: str) -> Path | None:
        """Return the directory of a local module that this one calls, or `None` where it is not local."""
        call = self.blocks.get(f"module.{name}")
        source = string_value(call.attributes.get("source")) if call else None
        return (self.directory / source).resolve() if source and source.startswith(("./", "../")) else None


class ModuleReader:
    """Reads every directory once, however many environments and calls lead to it."""

    def __init__(self) -> None:
        self._modules: dict[Path, Module] = {}

    def read(self, directory: Path) -> Module:
        """Return the module in a directory. Raises `ConfigError` where it cannot be read."""
        directory = directory.resolve()
        if directory not in self._modules:
            self._modules[directory] = Module(directory)
        return self._modules[directory]


def normalize_source(source: str) -> str:
    """Return a provider's source address without a public registry's host, lower-case, with its namespace."""
    parts = source.lower().split("/")
    if len(parts) == 3 and parts[0] in {"registry.terraform.io", "registry.opentofu.org"}:
        parts = parts[1:]
    return "/".join(parts if len(parts) > 1 else ["hashicorp", *parts])


def string_value(attribute: Attribute | None) -> str | None:
    """Return the text that an attribute is set to, or `None` where it is anything but a plain text."""
    match read(attribute.value) if attribute else None:
        case Literal(str() as text):
            return text
        case _:
            return None


def _required_source(expression: Expression) -> str | None:
    match read(expression):
        case ObjectValue(items):
            sources = [read(value) for key, value in items if key == "source"]
            return next((found.value for found in sources if isinstance(found, Literal) and isinstance(found.value, str)), None)
        case _:
            return None


def _configuration_files(directory: Path) -> list[str]:
    try:
        names = [path.name for path in directory.iterdir() if path.name.endswith(_ENDINGS)]
    except OSError as error:
        raise ConfigError(f"cannot read the directory {shown_path(directory)}: {error.strerror}", location=directory) from error
    return [name for name in names if not name.startswith((".", "#"))]


def _is_override(name: str) -> bool:
    stem = name.removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def _address(block: Block) -> str | None:
    match block.kind, block.labels:
        case "resource", (kind, name):
            return f"{kind}.{name}"
        case ("data" | "ephemeral") as mode, (kind, name):
            return f"{mode}.{kind}.{name}"
        case "variable", (name,):
            return f"var.{name}"
        case ("output" | "module" | "check") as kind, (name,):
            return f"{kind}.{name}"
        case "provider", (name,):
            alias = string_value(block.attributes.get("alias"))
            return f"provider.{name}.{alias}" if alias else f"provider.{name}"
        case _:
            return None
