"""YAML as plain data with the place of every key and item; the only `yaml` import.

What YAML 1.1 and 1.2 read differently (`no`, `012`, `1_000`) is refused, so that every tool reads the same from the file.
Nesting, size and what aliases expand to are bounded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from paritycheck.errors import ConfigError, Location

if TYPE_CHECKING:
    from yaml import Event
    from yaml._yaml import Mark as CMark
    from yaml.error import Mark

Path = tuple[str | int, ...]
"""Keys and indexes from the top of the document."""

_DEEPEST = 40
_MOST_NODES = 100_000
_LONGEST_NUMBER = 400

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_AS_TEXT = {"str", "timestamp", "value"}


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document: its data, and where its parts stand."""

    data: Any
    places: Mapping[Path, Location]
    """Where each key or item begins; the document itself under the empty path."""

    def place(self, path: Path) -> Location:
        """Return where a part stands, or the nearest part around it."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]


@dataclass(slots=True)
class _Node:
    """A parsed value."""

    location: Location
    value: Any = None
    """A scalar's value, a list of nodes, or a dict of keys to (location of the key, node)."""
    size: int = 1
    """How many nodes it has, aliases expanded."""
    key: tuple[Location, str] | None = None
    """In an open mapping, the key that waits for its value."""
    merged: list[_Node] = field(default_factory=list)
    """In an open mapping, what `<<` merges into it."""


def parse(text: str, file: str) -> Document:
    """Parse one YAML document. Raises `ConfigError` with the place of what is wrong."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.feed(event)
    except yaml.MarkedYAMLError as error:
        raise ConfigError(
            f"{file} is not valid YAML: {error.problem or error.context}", location=builder.location(error.problem_mark)
        ) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(f"{file} holds a character that YAML forbids: {error.character!r}", location=Location(file, line)) from error
    return builder.document()


class _Builder:
    """Builds the document from the parser's events, without recursion."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[_Node] = []
        self._anchors: dict[str, _Node] = {}
        self._names: list[str | None] = []
        self._root: _Node | None = None

    def location(self, mark: Mark | CMark | None) -> Location:
        return Location(self._file, mark.line + 1, mark.column + 1) if mark else Location(self._file, 1)

    def feed(self, event: Event) -> None:
        """Take the parser's next event."""
        import yaml

        location = self.location(event.start_mark)
        match event:
            case yaml.ScalarEvent():
                _refuse_tag(event.tag, location)
                self._close(_Node(location, _scalar(event.value, event.implicit[0], location, self._wants_key())), event.anchor)
            case yaml.AliasEvent():
                self._close(self._alias(event.anchor, location), None)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                _refuse_tag(event.tag, location)
                self._start(_Node(location, [] if isinstance(event, yaml.SequenceStartEvent) else {}), event.anchor)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._close(_merge(self._open.pop()), self._names.pop())
            case yaml.DocumentStartEvent() if self._root is not None:
                raise ConfigError(f"{self._file} holds more than one YAML document", hint="Keep the first.", location=location)
            case _:
                pass

    def document(self) -> Document:
        """Return what was built."""
        if self._root is None:
            return Document(None, {(): Location(self._file, 1)})
        places: dict[Path, Location] = {(): self._root.location}
        return Document(_plain(self._root, (), places), places)

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._open[-1].key is None

    def _alias(self, name: str | None, location: Location) -> _Node:
        if name is None or name not in self._anchors:
            raise ConfigError(f"*{name} refers to an anchor that is not complete here", location=location)
        return self._anchors[name]

    def _start(self, node: _Node, anchor: str | None) -> None:
        if self._wants_key():
            raise ConfigError("a key must be a plain text", location=node.location)
        if len(self._open) >= _DEEPEST:
            raise ConfigError(f"{self._file} is nested more than {_DEEPEST} levels deep", location=node.location)
        self._open.append(node)
        self._names.append(anchor)

    def _close(self, node: _Node, anchor: str | None) -> None:
        """Add a complete node to what is open around it."""
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif parent.key is None:
            parent.key = (node.location, _key(node))
        else:
            _add(parent, node)
        parent.size += node.size
        if parent.size > _MOST_NODES:
            raise ConfigError(f"{self._file} holds more than {_MOST_NODES:,} values", location=node.location)


def _add(parent: _Node, node: _Node) -> None:
    location, key = parent.key or (node.location, "")
    parent.key = None
    if key == "<<":
        parent.merged.append(node)
        return
    if key in parent.value:
        first = parent.value[key][0]
        raise ConfigError(f"the key {key!r} is given twice", hint=f"It is first given in line {first.line}.", location=location)
    parent.value[key] = (location, node)


def _merge(node: _Node) -> _Node:
    """Add what `<<` brings to a complete mapping; its own keys win, and of several mappings the first."""
    for merged in node.merged:
        for source in merged.value if isinstance(merged.value, list) else [merged]:
            if not isinstance(source.value, dict):
                raise ConfigError("<< merges mappings only", location=source.location)
            for key, value in source.value.items():
                node.value.setdefault(key, value)
    return node


def _plain(node: _Node, path: Path, places: dict[Path, Location]) -> Any:
    if isinstance(node.value, dict):
        for key, (location, _) in node.value.items():
            places[*path, key] = location
        return {key: _plain(inner, (*path, key), places) for key, (_, inner) in node.value.items()}
    if isinstance(node.value, list):
        for index, inner in enumerate(node.value):
            places[*path, index] = inner.location
        return [_plain(inner, (*path, index), places) for index, inner in enumerate(node.value)]
    return node.value


def _key(node: _Node) -> str:
    if not isinstance(node.value, str):
        raise ConfigError("a key must be a text", hint="Put it in quotes.", location=node.location)
    return node.value


def _refuse_tag(tag: str | None, location: Location) -> None:
    if tag is not None and tag != "!":
        raise ConfigError(f"the tag {tag} has no meaning here", hint="Write the value without it.", location=location)


def _scalar(text: str, plain: bool, location: Location, key: bool) -> Any:
    """Return a scalar's value; what YAML 1.1 and 1.2 take for different things must be quoted."""
    if not plain or (key and text == "<<"):
        return text
    kind = _kind(text)
    if kind != _old_kind(text) or _LEADING_ZERO.fullmatch(text):
        raise ConfigError(
            f"{text} means different things to different readers of YAML",
            hint=f'Write "{text}" for the text, or true, false or a plain number.',
            location=location,
        )
    if kind in {"int", "float"} and len(text) > _LONGEST_NUMBER:
        raise ConfigError(f"a number of {len(text)} digits is too long", location=location)
    match kind:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text, 0)
        case "float":
            return _finite(text, location)
        case _:
            return text


def _finite(text: str, location: Location) -> float:
    number = float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    if not math.isfinite(number):
        raise ConfigError(f"{text} is not a finite number", location=location)
    return number


def _kind(text: str) -> str:
    """Return what a plain scalar is in YAML 1.2."""
    kinds = {"null": _NULL, "bool": _BOOLEAN, "int": _INTEGER, "float": _FLOAT}
    return next((kind for kind, pattern in kinds.items() if pattern.fullmatch(text)), "str")


def _old_kind(text: str) -> str:
    """Return what a plain scalar is in YAML 1.1, as most readers still have it."""
    import yaml

    tag = yaml.resolver.Resolver().resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # untyped in the stubs
    kind = str(tag).rpartition(":")[2]
    return "str" if kind in _AS_TEXT else kind
