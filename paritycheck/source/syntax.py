"""HCL and JSON configuration files as blocks, attributes and expressions with exact places; the only `tree_sitter` import.

A file with syntax errors still gives whatever can be told from it: Terraform itself explains the errors better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.errors import ConfigError, Location, shown_path
from paritycheck.source.jsonhcl import as_hcl

if TYPE_CHECKING:
    from tree_sitter import Language, Node

    from paritycheck.source.constructs import Syntax

MAX_BYTES = 8 * 1024 * 1024
"""Size of the largest file that is read: far more than anybody writes by hand."""

_JSON_PREFIX = b"_="
_LABELS = {
    "backend": 1, "check": 1, "data": 2, "dynamic": 1, "ephemeral": 2, "module": 1, "output": 1, "provider": 1,
    "provisioner": 1, "resource": 2, "variable": 1,
}  # fmt: skip
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([nrt"\\]))|([$%])\4\{')


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that is not looked into yet: neighboring nodes of one file."""

    file: SourceFile
    nodes: tuple[Node, ...]

    @property
    def location(self) -> Location:
        """Where it begins."""
        return self.file.location(self.nodes[0])

    @property
    def text(self) -> str:
        """How it is written."""
        return self.file.text(self.nodes[0], self.nodes[-1])

    @property
    def key(self) -> tuple[str, int, int]:
        """Its identity: file and byte range."""
        return self.file.shown, self.nodes[0].start_byte, self.nodes[-1].end_byte

    def __contains__(self, other: Expression) -> bool:
        (file, start, end), (other_file, other_start, other_end) = self.key, other.key
        return file == other_file and start <= other_start and other_end <= end


@dataclass(frozen=True, slots=True)
class Attribute:
    """``name = value`` in a block."""

    name: str
    value: Expression
    location: Location


class SourceFile:
    """One parsed file: Terraform's native syntax, or its JSON form, which is read as one big object."""

    def __init__(self, path: Path) -> None:
        """Read and parse the file. Raises `ConfigError` for what is unreadable, too large or not UTF-8."""
        self.path = path
        self.shown = shown_path(path)
        self.json = path.suffix == ".json"
        self.data = _read(path)
        if self.json:
            self.data = _JSON_PREFIX + as_hcl(self.data)
        self.root = _parse(self.data)
        self.constructs: dict[tuple[int, int, int], Syntax] = {}
        """What `reading.read` made out already, by where it begins and ends and the number of its nodes."""

    def text(self, first: Node, last: Node | None = None) -> str:
        """Return the source text from one node to another."""
        return self.data[first.start_byte : (last or first).end_byte].decode()

    def location(self, node: Node) -> Location:
        """Return where a node begins."""
        row, column = node.start_point
        start = node.start_byte - column
        if self.json and row == 0:
            start += len(_JSON_PREFIX)
        return Location(self.shown, row + 1, len(self.data[start : node.start_byte].decode()) + 1)

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """Top-level attributes, as a tfvars file has them."""
        return self._top.attributes

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Top-level blocks, in their order."""
        return self._top.blocks

    @cached_property
    def _top(self) -> Block:
        if not self.json:
            return Block("", (), self, self.root, (self.root,))
        values = [item.named_children[-1] for item in _items(self.root) if item.named_children]
        return Block("", (), self, self.root, tuple(node for value in values for node in _objects(value)))


class Block:
    """A block, such as ``resource "aws_sqs_queue" "orders" { ... }``, with what override files lay over it."""

    def __init__(self, kind: str, labels: tuple[str, ...], file: SourceFile, node: Node, bodies: tuple[Node, ...]) -> None:
        """Hold a block that is not looked into yet; `bodies` are its body nodes, or objects of a JSON file."""
        self.kind = kind
        self.labels = labels
        self.file = file
        self._node = node
        self._bodies = bodies
        self._overrides: list[Block] = []

    def override(self, other: Block) -> None:
        """Lay a block of an override file over this one: its attributes, and its nested blocks by kind, replace these."""
        self._overrides.append(other)

    @property
    def location(self) -> Location:
        """Where its header is."""
        return self.file.location(self._node)

    @property
    def span(self) -> range:
        """The bytes of its file that it takes."""
        return range(self._node.start_byte, self._node.end_byte)

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """Its attributes by name."""
        own = {attribute.name: attribute for body in self._bodies for attribute in _attributes(self.file, body)}
        for other in self._overrides:
            own |= other.attributes
        return own

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Its nested blocks, in their order."""
        own = [block for body in self._bodies for block in _blocks(self.file, body)]
        for other in self._overrides:
            replaced = {block.kind for block in other.blocks}
            own = [block for block in own if block.kind not in replaced] + list(other.blocks)
        return tuple(own)

    def nested(self, kind: str) -> tuple[Block, ...]:
        """Return the nested blocks of one kind."""
        return tuple(block for block in self.blocks if block.kind == kind)


def unquote(text: str) -> str:
    """Return what the inside of a quoted string says, its escapes replaced."""
    return _ESCAPE.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    short, long, single, marker = match.groups()
    if marker:
        return f"{marker}{{"
    if single:
        return _ESCAPES[single]
    code = int(short or long, 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\N{REPLACEMENT CHARACTER}"


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"cannot read {shown_path(path)}: {error.strerror}", location=path) from error
    if len(data) > MAX_BYTES:
        raise ConfigError(
            f"{shown_path(path)} is larger than {MAX_BYTES // 1024**2} MiB",
            hint="Split the file, or keep generated data out of the configuration.",
            location=path,
        )
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{shown_path(path)} is not UTF-8 text (byte {error.start + 1})",
            hint="Terraform reads UTF-8 only: save the file in that encoding.",
            location=Location(shown_path(path), line),
        ) from error
    return data.replace(b"\xef\xbb\xbf", b"", 1) if data.startswith(b"\xef\xbb\xbf") else data


@cache
def _language() -> Language:
    import tree_sitter_hcl
    from tree_sitter import Language

    return Language(tree_sitter_hcl.language())


def _parse(data: bytes) -> Node:
    from tree_sitter import Parser

    return Parser(_language()).parse(data).root_node


def _items(body: Node) -> Iterator[Node]:
    """Yield what stands in a body; what the parser could not place is looked into, too."""
    waiting = list(reversed(body.named_children))
    while waiting:
        child = waiting.pop()
        if child.type in {"body", "ERROR"}:
            waiting.extend(reversed(child.named_children))
        else:
            yield child


def _attributes(file: SourceFile, body: Node) -> Iterator[Attribute]:
    for child in _items(body):
        if child.type == "attribute" and child.named_child_count > 1:
            name, value = child.named_children[0], child.named_children[-1]
            yield Attribute(file.text(name), Expression(file, (value,)), file.location(child))
        elif child.type == "object_elem" and (pair := _pair(file, child)):
            yield Attribute(pair[0], Expression(file, (pair[1],)), file.location(child))


def _blocks(file: SourceFile, body: Node) -> Iterator[Block]:
    for child in _items(body):
        if child.type == "block":
            parts = child.named_children
            labels = tuple(_label(file, part) for part in parts[1:] if part.type in {"string_lit", "identifier"})
            yield Block(file.text(parts[0]), labels, file, child, tuple(part for part in parts if part.type == "body"))
        elif child.type == "object_elem" and (pair := _pair(file, child)):
            yield from _json_blocks(file, child, pair[0], (), pair[1])


def _json_blocks(file: SourceFile, node: Node, kind: str, labels: tuple[str, ...], value: Node) -> Iterator[Block]:
    for body in _objects(value):
        if len(labels) == _LABELS.get(kind, 0):
            yield Block(kind, labels, file, node, (body,))
            continue
        for child in body.named_children:
            if child.type == "object_elem" and (pair := _pair(file, child)):
                yield from _json_blocks(file, child, kind, (*labels, pair[0]), pair[1])


def _objects(node: Node) -> Iterator[Node]:
    """Yield the object that an expression is, or the objects of the list that it is."""
    value = _value(node)
    if value.type == "object":
        yield value
    elif value.type == "tuple":
        yield from (item for item in map(_value, value.named_children) if item.type == "object")


def _value(node: Node) -> Node:
    while node.type in {"expression", "collection_value"} and node.named_children:
        node = node.named_children[0]
    return node


def _pair(file: SourceFile, element: Node) -> tuple[str, Node] | None:
    """Return key and value of an object's element in a JSON file."""
    expressions = [child for child in element.named_children if child.type == "expression"]
    return (_label(file, expressions[0]), expressions[1]) if len(expressions) == 2 else None


def _label(file: SourceFile, node: Node) -> str:
    return unquote(file.text(node).strip('"'))
