"""Comments that hold a word, and the block that each stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from paritycheck.errors import Location
from paritycheck.source.module import Module
from paritycheck.source.scope import Instance
from paritycheck.source.sources import Sources
from paritycheck.source.syntax import Block, SourceFile

_MOST_MODULES = 10_000


@dataclass(frozen=True, slots=True)
class Comment:
    """One line of a comment."""

    text: str
    """From the word on: to the end of the line or of the comment, or to where the word comes again."""
    location: Location
    block: str | None
    """Static address of what the comment stands in: `module.m.aws_sqs_queue.orders`, `data.aws_x.y`, `module.m`; `None` outside."""


def comments(sources: Sources, word: str) -> Iterator[Comment]:
    """Yield the comments of an environment's configuration that hold a word, those of its local modules included.

    A comment in a module that is called several times is one for each call.
    """
    found: dict[Module, list[tuple[str, Location, str | None]]] = {}
    for instance in islice(_instances(sources.root), _MOST_MODULES):
        if instance.module not in found:
            found[instance.module] = [each for file in instance.module.files for each in _in_file(file, word)]
        for text, location, block in found[instance.module]:
            yield Comment(text, location, instance.prefix + block if block else None)


def _instances(instance: Instance) -> Iterator[Instance]:
    yield instance
    for name in instance.module.of_kind("module"):
        child = instance.child(name)
        if child is not None:
            yield from _instances(child)


def _in_file(file: SourceFile, word: str) -> Iterator[tuple[str, Location, str | None]]:
    offset = file.data.find(word.encode())
    while offset >= 0:
        node = file.root.descendant_for_byte_range(offset, offset + 1)
        if node is not None and node.type == "comment":
            line, *_ = file.data[offset : node.end_byte].removesuffix(b"*/").splitlines()
            text = word + line.decode().removeprefix(word).partition(word)[0].rstrip()
            location = Location(file.shown, file.data.count(b"\n", 0, offset) + 1)
            yield text, location, next((_address(block) for block in file.blocks if offset in block.span), None)
        offset = file.data.find(word.encode(), offset + 1)


def _address(block: Block) -> str | None:
    match block.kind, block.labels:
        case "resource", (kind, name):
            return f"{kind}.{name}"
        case "data", (kind, name):
            return f"data.{kind}.{name}"
        case "module", (name,):
            return f"module.{name}"
        case _:
            return None
