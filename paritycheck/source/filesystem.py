"""Which files a configuration's functions read: `file`, `templatefile`, `fileset` and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.errors import Location
from paritycheck.source.constructs import Call, Conditional, Literal, Reference, Syntax, Template
from paritycheck.source.evaluate import Evaluator
from paritycheck.source.reading import read
from paritycheck.source.scope import Definition, Instance, Scope, Value
from paritycheck.source.syntax import Block, Expression, SourceFile
from paritycheck.source.variables import Given

if TYPE_CHECKING:
    from tree_sitter import Node

    from paritycheck.source.sources import Sources

CALL = re.compile(rb"\b(file\w*|templatefile|templatestring|plantimestamp)\s*\(|\bprovider::local::\w+")
"""Calls whose result is not told by their arguments alone (https://developer.hashicorp.com/terraform/language/functions).

Not so `timestamp`, `uuid` and `bcrypt`: their results are unknown in every plan.
"""

_SHADOWED = re.compile(
    rb"\bfor\s+(?:\w+\s*,\s*)?(?:var|local|module)\b"
    rb"|\bfor\s+(?:var|local|module)\s*,"
    rb'|\bdynamic\s+"?(?:var|local|module)\b'
    rb"|\biterator\s*=\s*(?:var|local|module)\b"
)
"""Where a loop gives a name of its own to what it goes through that may be one of Terraform's, which then means something else inside."""

_WILD = re.compile(r"[*?\[{\\]")
_ONE_LEVEL = re.compile(r"(?:[^*?\[{\\/]*/)*\*([^*?\[{\\/]*)")
_INSTANCES = 1_000
_DEPTH = 40
_FUEL = 5_000
_NO_CALL = frozenset({"comment", "template_literal", "string_lit"})


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file, or files of a directory, that a function reads."""

    path: Path
    """Absolute."""
    endings: tuple[str, ...] = ("",)
    """Of a directory: how the names of the files end."""
    deep: bool = False
    """Whether it may be any file below the directory."""
    template: bool = False
    """Whether what is read is evaluated."""


@dataclass(frozen=True, slots=True)
class Untold:
    """Something that a configuration reads, of which its source does not tell what it is."""

    reason: str
    location: Location


def files_read(sources: Sources) -> Iterator[FileRead | Untold]:
    """Yield what functions in an environment's root module and the local modules below it read.

    A part of a path that only Terraform can tell is taken to stay below the directory in front of it.
    """
    root = sources.module.directory
    for number, instance in enumerate(_instances(sources.root)):
        if isinstance(instance, Untold):
            yield instance
        elif number >= _INSTANCES:
            yield Untold(f"there are more than {_INSTANCES:,} modules", Location(str(root), 1))
            return
        else:
            for file in instance.module.files:
                yield from _Reader(root, instance).read(file)


def module_directories(sources: Sources) -> tuple[Path, ...]:
    """Return the directories of the root module and of the local modules below it."""
    found = (each.module.directory for each in islice(_instances(sources.root), _INSTANCES) if isinstance(each, Instance))
    return tuple(dict.fromkeys(found))


def _instances(instance: Instance) -> Iterator[Instance | Untold]:
    """Yield an instance of a module and those below it, of several instances by one call only one."""
    yield instance
    for name, block in instance.module.of_kind("module").items():
        child = instance.child(name)
        if child:
            yield from _instances(child)
        else:
            yield Untold(f"module {name} is not a directory of this repository", block.location)


class _Reader:
    """Finds out which files the calls in one instance of a module mean."""

    def __init__(self, root: Path, instance: Instance) -> None:
        self._root = root
        self._instance = instance
        self._evaluator = Evaluator()
        self._fuel = _FUEL

    def read(self, file: SourceFile) -> Iterator[FileRead | Untold]:
        """Yield what the calls in a file read."""
        for match in CALL.finditer(file.data):
            node = file.root.descendant_for_byte_range(match.start(), match.start() + 1)
            if node is None or node.type in _NO_CALL:
                continue
            name = match[0].decode().rstrip("( \t\r\n")
            call = None if _SHADOWED.search(file.data) else _call(file, node)
            if call is None or call.name != name or not call.arguments or name in {"templatestring", "plantimestamp"}:
                yield Untold(f"{name}() depends on more than what is written", file.location(node))
            else:
                yield from self._called(call, file.location(node))

    def _called(self, call: Call, location: Location) -> Iterator[FileRead | Untold]:
        for path, whole in self._texts(Value(self._instance.scope, call.arguments[0])):
            if call.name == "fileset" and whole:
                yield self._listed(path, call, location)
            elif whole:
                yield FileRead(self._place(path), template=call.name == "templatefile")
            elif not self._is_archive(call.arguments[0]):
                yield self._below(path, call.name, location)

    def _listed(self, directory: str, call: Call, location: Location) -> FileRead | Untold:
        """Return the files that a pattern finds: those of one directory where it says so, else all below."""
        pattern, whole = "", False
        for argument in call.arguments[1:2]:
            pattern, whole = next(self._texts(Value(self._instance.scope, argument)))
        if whole and (found := _ONE_LEVEL.fullmatch(pattern)):
            return FileRead(self._place(f"{directory}/{pattern}").parent, endings=(found[1],))
        return self._below(f"{directory}/{_WILD.split(pattern)[0]}", call.name, location)

    def _below(self, beginning: str, name: str, location: Location) -> FileRead | Untold:
        """Return all files below the directory that a path begins with, unless that is a module's whole directory."""
        directory, separator, _ = beginning.rpartition("/")
        place = self._place(directory).resolve()
        modules = (self._root, self._instance.module.directory)
        if separator and not any(module.is_relative_to(place) for module in modules):
            return FileRead(place, deep=True, template=name == "templatefile")
        return Untold(f"it cannot be told which file {name}() reads", location)

    def _place(self, text: str) -> Path:
        """Return a path as Terraform takes it: from the root module's directory, or the user's home."""
        return self._root / (Path(text).expanduser() if text.startswith("~") else text)

    def _is_archive(self, expression: Expression) -> bool:
        """Tell whether a path is that of an archive that the plan makes, of files that are known by themselves."""
        match read(expression):
            case Reference("data", ("archive_file", *_, "output_path")):
                return True
            case _:
                return False

    def _texts(self, value: Value, depth: int = 0) -> Iterator[tuple[str, bool]]:
        """Yield what an expression's text begins with, and whether that is all of it: once for each branch of a condition."""
        self._fuel -= 1
        value = self._evaluator.narrow(value)
        if depth > _DEPTH or self._fuel < 0 or self._evaluator.exhausted:
            yield "", False
            return
        match read(value.expression):
            case Reference("path", ("module",)):
                yield str(value.scope.instance.module.directory), True
            case Reference("path", ("root" | "cwd",)):
                yield str(self._root), True
            case Reference():
                yield from self._referenced(value, depth)
            case syntax:
                yield from [("", False)] if value.path else self._written(syntax, value.scope, depth)

    def _written(self, syntax: Syntax, scope: Scope, depth: int) -> Iterator[tuple[str, bool]]:
        match syntax:
            case Literal(str() | int() as literal) if not isinstance(literal, bool):
                yield str(literal), True
            case Template(parts, True):
                yield self._joined(scope, parts, depth)
            case Call("abspath" | "pathexpand", (argument,)):
                yield from self._texts(Value(scope, argument), depth + 1)
            case Conditional(_, yes, no):
                for branch in (yes, no):
                    yield from self._texts(Value(scope, branch), depth + 1)
            case _:
                yield "", False

    def _joined(self, scope: Scope, parts: tuple[str | Expression, ...], depth: int) -> tuple[str, bool]:
        """Return what a template begins with, up to the first part that is not told or may be one of several texts."""
        text = ""
        for part in parts:
            found = [(part, True)] if isinstance(part, str) else list(self._texts(Value(scope, part), depth + 1))
            if len(found) > 1:
                return text, False
            text += found[0][0]
            if not found[0][1]:
                return text, False
        return text, True

    def _referenced(self, value: Value, depth: int) -> Iterator[tuple[str, bool]]:
        """Yield what stands behind a name; nothing is told of what is sensitive, or of a part of a text that HCL may be in."""
        definition = self._evaluator.define(value)
        whole = not value.path
        match read(value.expression):
            case Reference("var", (str() as name, *steps)):
                whole = whole and not steps
                if _is_sensitive(value.scope.instance.module.blocks.get(f"var.{name}")):
                    definition = None
        match definition:
            case Definition(value=Given(str() as text)) if whole:
                yield text, True
            case Definition(value=Value() as inner):
                yield from self._texts(inner, depth + 1)
            case _:
                yield "", False


def _is_sensitive(block: Block | None) -> bool:
    marked = block.attributes.get("sensitive") if block else None
    return marked is not None and read(marked.value) != Literal(False)


def _call(file: SourceFile, node: Node) -> Call | None:
    """Return the call whose name a node is or begins."""
    while node.type != "function_call":
        if node.parent is None or node.parent.start_byte != node.start_byte:
            return None
        node = node.parent
    match read(Expression(file, (node,))):
        case Call() as call:
            return call
        case _:
            return None
