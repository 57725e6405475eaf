"""A planned resource as checks look at it: its values by path, and the resources that it refers to or that refer to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from paritycheck_checks import is_unknown, references


@dataclass(frozen=True)
class Planned:
    """One resource instance of one environment."""

    type: str
    configuration: Mapping[str, Any]
    """checkov's shape: every value in a list, nested blocks as lists of mappings."""
    graph: Any
    """All resources of the environment; an edge leads from one to another that it refers to."""

    @property
    def address(self) -> str:
        """Its address, with the key of its instance."""
        return str(self.configuration.get("__address__"))

    @property
    def block(self) -> str:
        """Type and name, as references write them."""
        return _block(self.address)

    def values(self, path: str) -> list[Any]:
        """Return an attribute's value in each of the blocks that lead to it: `None` where it is not set, or has no block.

        A block that is unknown is the value itself. An unknown attribute of the resource itself that no expression is behind is the
        provider's to fill: it is not set. In a block there may be an expression, because a plan does not tell those of `dynamic`.
        """
        first, *rest = path.split(".")
        found = [None if is_unknown(value) and not references(value) else value for value in _step(self.configuration, first)]
        for name in rest:
            found = [value for each in found for value in _step(each, name)]
        return found

    def value(self, path: str) -> Any:
        """Return an attribute's first value."""
        return self.values(path)[0]

    def users(self, *types: str) -> Iterator[Planned]:
        """Yield the resources of some types that refer to this one."""
        return self._neighbors("predecessors", types)

    def used(self, *types: str) -> Iterator[Planned]:
        """Yield the resources of some types, or of any, that this one refers to; a data source's type begins with `data.`."""
        return self._neighbors("successors", types)

    def others(self, type_: str) -> Iterator[Planned]:
        """Yield all resources of a type, whether they refer to one another or not; a data source's type begins with `data.`."""
        nodes = self.graph.nodes() if self.graph is not None else ()
        return (_planned(vertex, self.graph) for _, vertex in nodes if vertex.get("resource_type") == type_)

    def means(self, path: str, other: Planned) -> bool:
        """Whether an attribute's expression refers to another resource, or its value names it."""
        for value in self.values(path):
            if is_unknown(value):
                if any(_block(name) == other.block for name in references(value)):
                    return True
            elif value and any(value == other.value(each) for each in _IDENTITIES if not is_unknown(other.value(each))):
                return True
        return False

    def _neighbors(self, direction: str, types: tuple[str, ...]) -> Iterator[Planned]:
        place = _places(self.graph).get(self.address)
        for _, vertex in getattr(self.graph, direction)(place) if place is not None else ():
            if not types or vertex.get("resource_type") in types:
                yield _planned(vertex, self.graph)


def _planned(vertex: Mapping[str, Any], graph: Any) -> Planned:
    ((type_, named),) = vertex["config_"].items()
    return Planned(type_, next(iter(named.values())), graph)


_IDENTITIES = ("arn", "bucket", "function_name", "id", "name")
"""Attributes by whose value others name a resource, where it is known before apply."""

_indexed: tuple[Any, dict[str, int]] = (None, {})


def _places(graph: Any) -> dict[str, int]:
    """Return where in the graph each address is; found once for every graph."""
    global _indexed  # noqa: PLW0603 -- a cache of one graph: checks see one after the other
    if _indexed[0] is not graph:
        _indexed = graph, {str(graph[index][1].get("__address__")): index for index in graph.node_indices()} if graph is not None else {}
    return _indexed[1]


def _step(value: Any, name: str) -> list[Any]:
    if is_unknown(value):
        return [value]
    inner = value.get(name) if isinstance(value, dict) else None
    if is_unknown(inner) and not isinstance(inner, list):
        return [inner]
    if not isinstance(inner, list):
        return [inner]
    return list(inner) or [None]


_KEY = r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]'
_ADDRESS = re.compile(rf"(?:module\.[\w-]+(?:{_KEY})?\.)*((?:data\.)?[\w-]+\.[\w-]+)")


def _block(address: str) -> str:
    """Return type and name, of a resource's address or of a reference: without modules, key and attributes."""
    match = _ADDRESS.match(address)
    return match[1] if match else address
